-- PostgreSQL's catalogue as far as its clients ask for it; columns in the order of version 15.
create schema pg_catalog;
create table pg_catalog.pg_namespace (
  oid bigint default 0, nspname varchar, nspowner bigint default 0, nspacl varchar array
);
create table pg_catalog.pg_class (
  oid bigint default 0, relname varchar, relnamespace bigint default 0, reltype bigint default 0,
  reloftype bigint default 0, relowner bigint default 10, relam bigint default 0,
  relfilenode bigint default 0, reltablespace bigint default 0, relpages integer default 0,
  reltuples real default -1, relallvisible integer default 0, reltoastrelid bigint default 0,
  relhasindex boolean default false, relisshared boolean default false, relpersistence varchar default 'p',
  relkind varchar, relnatts integer default 0, relchecks integer default 0, relhasrules boolean default false,
  relhastriggers boolean default false, relhassubclass boolean default false,
  relrowsecurity boolean default false, relforcerowsecurity boolean default false,
  relispopulated boolean default true, relreplident varchar default 'd', relispartition boolean default false,
  relrewrite bigint default 0, relfrozenxid bigint default 0, relminmxid bigint default 0,
  relacl varchar array, reloptions varchar array, relpartbound varchar
);
create table pg_catalog.pg_attribute (
  attrelid bigint default 0, attname varchar, atttypid bigint default 0, attstattarget integer default -1,
  attlen integer default 0, attnum integer default 0, attndims integer default 0,
  attcacheoff integer default -1, atttypmod integer default -1, attbyval boolean default false,
  attalign varchar default 'i', attstorage varchar default 'p', attcompression varchar default '',
  attnotnull boolean default false, atthasdef boolean default false, atthasmissing boolean default false,
  attidentity varchar default '', attgenerated varchar default '', attisdropped boolean default false,
  attislocal boolean default true, attinhcount integer default 0, attcollation bigint default 0,
  attacl varchar array, attoptions varchar array, attfdwoptions varchar array
);
create table pg_catalog.pg_attrdef (
  oid bigint default 0, adrelid bigint default 0, adnum integer default 0, adbin varchar, adsrc varchar
);
create table pg_catalog.pg_type (
  oid bigint default 0, typname varchar, typnamespace bigint default 11, typowner bigint default 10,
  typlen integer default 0, typbyval boolean default false, typtype varchar default 'b',
  typcategory varchar default 'U', typispreferred boolean default false, typisdefined boolean default true,
  typdelim varchar default ',', typrelid bigint default 0, typsubscript varchar default '',
  typelem bigint default 0, typarray bigint default 0, typinput varchar default '',
  typoutput varchar default '', typreceive varchar default '', typsend varchar default '',
  typnotnull boolean default false, typbasetype bigint default 0, typtypmod integer default -1,
  typndims integer default 0, typcollation bigint default 0, typdefault varchar, typacl varchar array
);
create table pg_catalog.pg_index (
  indexrelid bigint default 0, indrelid bigint default 0, indnatts integer default 0,
  indnkeyatts integer default 0, indisunique boolean default false, indnullsnotdistinct boolean default false,
  indisprimary boolean default false, indisexclusion boolean default false, indimmediate boolean default true,
  indisclustered boolean default false, indisvalid boolean default true, indcheckxmin boolean default false,
  indisready boolean default true, indislive boolean default true, indisreplident boolean default false,
  indkey integer array, indcollation bigint array, indclass bigint array, indoption integer array,
  indexprs varchar, indpred varchar
);
create table pg_catalog.pg_constraint (
  oid bigint default 0, conname varchar, connamespace bigint default 0, contype varchar,
  condeferrable boolean default false, condeferred boolean default false, convalidated boolean default true,
  conrelid bigint default 0, contypid bigint default 0, conindid bigint default 0,
  conparentid bigint default 0, confrelid bigint default 0, confupdtype varchar default ' ',
  confdeltype varchar default ' ', confmatchtype varchar default 's', conislocal boolean default true,
  coninhcount integer default 0, connoinherit boolean default false, conkey integer array,
  confkey integer array, conbin varchar
);
create table pg_catalog.pg_sequence (
  seqrelid bigint default 0, seqtypid bigint default 20, seqstart bigint default 0,
  seqincrement bigint default 0, seqmax bigint default 0, seqmin bigint default 0, seqcache bigint default 1,
  seqcycle boolean default false
);
create table pg_catalog.pg_am (
  oid bigint default 0, amname varchar, amhandler varchar default '', amtype varchar
);
create table pg_catalog.pg_database (
  oid bigint default 0, datname varchar, datdba bigint default 10, encoding integer default 6,
  datlocprovider varchar default 'c', datistemplate boolean default false, datallowconn boolean default true,
  datconnlimit integer default -1, datfrozenxid bigint default 0, datminmxid bigint default 0,
  dattablespace bigint default 1663, datcollate varchar default 'C', datctype varchar default 'C',
  daticulocale varchar, daticurules varchar, datcollversion varchar, datacl varchar array
);
create table pg_catalog.pg_roles (
  oid bigint default 0, rolname varchar, rolsuper boolean default false, rolinherit boolean default true,
  rolcreaterole boolean default false, rolcreatedb boolean default false, rolcanlogin boolean default true,
  rolreplication boolean default false, rolconnlimit integer default -1,
  rolpassword varchar default '********', rolvaliduntil timestamp with time zone,
  rolbypassrls boolean default false, rolconfig varchar array
);
create table pg_catalog.pg_tablespace (
  oid bigint default 0, spcname varchar, spcowner bigint default 10, spcacl varchar array,
  spcoptions varchar array
);
create table pg_catalog.pg_settings (
  name varchar, setting varchar, unit varchar, category varchar default '', short_desc varchar default '',
  context varchar default 'user', vartype varchar default 'string', source varchar default 'default',
  boot_val varchar, reset_val varchar, pending_restart boolean default false
);
create table pg_catalog.pg_tables (
  schemaname varchar, tablename varchar, tableowner varchar default 'halab', tablespace varchar,
  hasindexes boolean default false, hasrules boolean default false, hastriggers boolean default false,
  rowsecurity boolean default false
);
create table pg_catalog.pg_views (
  schemaname varchar, viewname varchar, viewowner varchar default 'halab', definition varchar
);
create table pg_catalog.pg_indexes (
  schemaname varchar, tablename varchar, indexname varchar, tablespace varchar, indexdef varchar
);
create table pg_catalog.pg_sequences (
  schemaname varchar, sequencename varchar, sequenceowner varchar default 'halab',
  data_type varchar default 'bigint', start_value bigint default 0, min_value bigint default 0,
  max_value bigint default 0, increment_by bigint default 0, cycle boolean default false,
  cache_size bigint default 1, last_value bigint
);
create table pg_catalog.pg_description (
  objoid bigint default 0, classoid bigint default 0, objsubid integer default 0, description varchar
);
create table pg_catalog.definition (
  oid bigint primary key, name varchar, text varchar
);
-- Of what there is none here: always empty.
create table pg_catalog.pg_auth_members (
  roleid bigint, member bigint, grantor bigint, admin_option boolean
);
create table pg_catalog.pg_shdescription (
  objoid bigint, classoid bigint, description varchar
);
create table pg_catalog.pg_depend (
  classid bigint, objid bigint, objsubid integer, refclassid bigint, refobjid bigint, refobjsubid integer,
  deptype varchar
);
create table pg_catalog.pg_proc (
  oid bigint, proname varchar, pronamespace bigint, proowner bigint, prolang bigint, prokind varchar,
  prosecdef boolean, proretset boolean, provolatile varchar, proparallel varchar, pronargs integer,
  prorettype bigint, proargtypes varchar, proallargtypes varchar array, proargmodes varchar array,
  proargnames varchar array, prosrc varchar, proisagg boolean, proacl varchar array
);
create table pg_catalog.pg_trigger (
  oid bigint, tgrelid bigint, tgparentid bigint, tgname varchar, tgfoid bigint, tgtype integer,
  tgenabled varchar, tgisinternal boolean, tgconstrrelid bigint, tgconstrindid bigint, tgconstraint bigint,
  tgdeferrable boolean, tginitdeferred boolean, tgargs varchar
);
create table pg_catalog.pg_rewrite (
  oid bigint, rulename varchar, ev_class bigint, ev_type varchar, ev_enabled varchar, is_instead boolean
);
create table pg_catalog.pg_policy (
  oid bigint, polname varchar, polrelid bigint, polcmd varchar, polpermissive boolean, polroles varchar,
  polqual varchar, polwithcheck varchar
);
create table pg_catalog.pg_statistic_ext (
  oid bigint, stxrelid bigint, stxname varchar, stxnamespace bigint, stxowner bigint, stxstattarget integer,
  stxkeys varchar, stxkind varchar array
);
create table pg_catalog.pg_publication (
  oid bigint, pubname varchar, pubowner bigint, puballtables boolean
);
create table pg_catalog.pg_publication_rel (
  oid bigint, prpubid bigint, prrelid bigint, prqual varchar, prattrs integer array
);
create table pg_catalog.pg_publication_namespace (
  oid bigint, pnpubid bigint, pnnspid bigint
);
create table pg_catalog.pg_subscription (
  oid bigint, subname varchar, subdbid bigint
);
create table pg_catalog.pg_inherits (
  inhrelid bigint, inhparent bigint, inhseqno integer, inhdetachpending boolean
);
create table pg_catalog.pg_partitioned_table (
  partrelid bigint, partstrat varchar
);
create table pg_catalog.pg_collation (
  oid bigint, collname varchar, collnamespace bigint, collprovider varchar, collencoding integer
);
create table pg_catalog.pg_enum (
  oid bigint, enumtypid bigint, enumsortorder real, enumlabel varchar
);
create table pg_catalog.pg_range (
  rngtypid bigint, rngsubtype bigint
);
create table pg_catalog.pg_extension (
  oid bigint, extname varchar, extowner bigint, extnamespace bigint, extversion varchar
);
create table pg_catalog.pg_foreign_table (
  ftrelid bigint, ftserver bigint, ftoptions varchar array
);
create table pg_catalog.pg_foreign_server (
  oid bigint, srvname varchar, srvowner bigint, srvfdw bigint, srvoptions varchar array
);
create table pg_catalog.pg_foreign_data_wrapper (
  oid bigint, fdwname varchar, fdwowner bigint
);
create table pg_catalog.pg_event_trigger (
  oid bigint, evtname varchar
);
create table pg_catalog.pg_language (
  oid bigint, lanname varchar, lanpltrusted boolean
);
create table pg_catalog.pg_matviews (
  schemaname varchar, matviewname varchar, matviewowner varchar, definition varchar
);
create table pg_catalog.pg_default_acl (
  oid bigint, defaclrole bigint, defaclnamespace bigint, defaclobjtype varchar, defaclacl varchar array
);
create table pg_catalog.pg_largeobject_metadata (
  oid bigint, lomowner bigint, lomacl varchar array
);
create table pg_catalog.pg_db_role_setting (
  setdatabase bigint, setrole bigint, setconfig varchar array
);
create table pg_catalog.pg_opclass (
  oid bigint, opcmethod bigint, opcname varchar, opcnamespace bigint
);
create table pg_catalog.pg_prepared_xacts (
  gid varchar, prepared timestamp with time zone, owner varchar, database varchar
);
create table pg_catalog.pg_locks (
  locktype varchar, pid integer, mode varchar, granted boolean, relation bigint
);
create table pg_catalog.pg_stat_replication (
  pid integer, usename varchar, application_name varchar, state varchar, sync_state varchar
);
create table pg_catalog.pg_stat_user_tables (
  relid bigint, schemaname varchar, relname varchar, n_live_tup bigint, n_dead_tup bigint
);
-- What clients call.
create alias pg_catalog.format_type for 'halab.node.pg.CatalogueFunctions.formatType';
create alias pg_catalog.pg_get_userbyid for 'halab.node.pg.CatalogueFunctions.userById';
create alias pg_catalog.pg_table_is_visible for 'halab.node.pg.CatalogueFunctions.visible';
create alias pg_catalog.pg_type_is_visible for 'halab.node.pg.CatalogueFunctions.visible';
create alias pg_catalog.pg_function_is_visible for 'halab.node.pg.CatalogueFunctions.visible';
create alias pg_catalog.pg_get_expr for 'halab.node.pg.CatalogueFunctions.expression';
create alias pg_catalog.pg_get_indexdef for 'halab.node.pg.CatalogueFunctions.indexDefinition';
create alias pg_catalog.pg_get_constraintdef for 'halab.node.pg.CatalogueFunctions.definition';
create alias pg_catalog.pg_get_viewdef for 'halab.node.pg.CatalogueFunctions.definition';
create alias pg_catalog.obj_description for 'halab.node.pg.CatalogueFunctions.description';
create alias pg_catalog.shobj_description for 'halab.node.pg.CatalogueFunctions.description';
create alias pg_catalog.col_description for 'halab.node.pg.CatalogueFunctions.columnDescription';
create alias pg_catalog.pg_encoding_to_char for 'halab.node.pg.CatalogueFunctions.encoding';
create alias pg_catalog.array_to_string for 'halab.node.pg.CatalogueFunctions.arrayToString';
create alias pg_catalog.array_upper for 'halab.node.pg.CatalogueFunctions.arrayUpper';
create alias pg_catalog.array_length for 'halab.node.pg.CatalogueFunctions.arrayUpper';
create alias pg_catalog.pg_relation_is_publishable for 'halab.node.pg.CatalogueFunctions.publishable';
create alias pg_catalog.pg_size_pretty for 'halab.node.pg.CatalogueFunctions.prettySize';
create alias pg_catalog.pg_table_size for 'halab.node.pg.CatalogueFunctions.size';
create alias pg_catalog.pg_relation_size for 'halab.node.pg.CatalogueFunctions.size';
create alias pg_catalog.pg_total_relation_size for 'halab.node.pg.CatalogueFunctions.size';
create alias pg_catalog.pg_database_size for 'halab.node.pg.CatalogueFunctions.size';
create alias pg_catalog.pg_indexes_size for 'halab.node.pg.CatalogueFunctions.size';
create alias pg_catalog.has_table_privilege for 'halab.node.pg.CatalogueFunctions.allowed';
create alias pg_catalog.has_schema_privilege for 'halab.node.pg.CatalogueFunctions.allowed';
create alias pg_catalog.has_database_privilege for 'halab.node.pg.CatalogueFunctions.allowed';
create alias pg_catalog.has_sequence_privilege for 'halab.node.pg.CatalogueFunctions.allowed';
create alias pg_catalog.has_any_column_privilege for 'halab.node.pg.CatalogueFunctions.allowed';
create alias pg_catalog.has_column_privilege for 'halab.node.pg.CatalogueFunctions.allowed';
create alias pg_catalog.quote_name for 'halab.node.pg.CatalogueFunctions.quoteName';
create alias pg_catalog.regclass_name for 'halab.node.pg.CatalogueFunctions.className';
create alias pg_catalog.regclass_oid for 'halab.node.pg.CatalogueFunctions.classOid';
create alias pg_catalog.regtype_name for 'halab.node.pg.CatalogueFunctions.typeName';
create alias pg_catalog.regtype_oid for 'halab.node.pg.CatalogueFunctions.typeOid';
create alias pg_catalog.pg_partition_ancestors for 'halab.node.pg.CatalogueFunctions.itself';
create alias pg_catalog.pg_get_statisticsobjdef_columns for 'halab.node.pg.CatalogueFunctions.nothing';
create alias pg_catalog.pg_get_triggerdef for 'halab.node.pg.CatalogueFunctions.nothing';
create alias pg_catalog.pg_get_ruledef for 'halab.node.pg.CatalogueFunctions.nothing';
create alias pg_catalog.pg_get_function_result for 'halab.node.pg.CatalogueFunctions.nothing';
create alias pg_catalog.pg_get_function_arguments for 'halab.node.pg.CatalogueFunctions.nothing';
create alias pg_catalog.pg_get_function_identity_arguments for 'halab.node.pg.CatalogueFunctions.nothing';
create alias pg_catalog.pg_get_serial_sequence for 'halab.node.pg.CatalogueFunctions.nothing';
create alias pg_catalog.pg_tablespace_location for 'halab.node.pg.CatalogueFunctions.nothing';
create alias pg_catalog.pg_is_other_temp_schema for 'halab.node.pg.CatalogueFunctions.no';
create alias pg_catalog.pg_my_temp_schema for 'halab.node.pg.CatalogueFunctions.zero';
create alias pg_catalog.pg_get_partkeydef for 'halab.node.pg.CatalogueFunctions.nothing';
create alias pg_catalog.current_schemas for 'halab.node.pg.CatalogueFunctions.schemas';
create alias pg_catalog.array_remove for 'halab.node.pg.CatalogueFunctions.arrayRemove';
create alias pg_catalog.element for 'halab.node.pg.CatalogueFunctions.element';
create user reader password '';
grant select on schema pg_catalog to reader;

package halab.node.sql;

/**
 * One key that a transaction claims. It conflicts when a package after {@code base} (an LSN) that
 * this transaction cannot have seen claimed the same key, and at least one of both claims is not
 * shared: many may insert rows that refer to one parent, nobody may delete the parent meanwhile.
 */
public record Claim(WriteKey key, boolean shared, long base) {}

package halab.systems.dsc.monitor;

import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonConnection;
import halab.dsc.proto.MonEp;
import halab.dsc.proto.MonGroup;
import halab.dsc.proto.MonLogin;
import halab.dsc.proto.MonOp;
import halab.dsc.proto.MonPush;
import halab.dsc.proto.MonRequest;
import halab.dsc.proto.MonWelcome;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.systems.Dialect;
import halab.systems.LabPlan;
import halab.systems.Site;
import halab.systems.dm.config.Problems;
import halab.systems.dsc.DscText;
import halab.systems.dsc.config.DmdcrCfg;
import halab.systems.dsc.config.DscPlan;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A monitor on the bench: two CSSs made of paper, a clock turned by hand. */
final class Bench {
  static final LabPlan PLAN = DscPlan.plan(new LabPlan.Options(2, false, 5200, Map.of(), Map.of()));
  static final DcrImage DCR =
      DmdcrCfg.read("cfg", PLAN.host("n1").files().get(DmdcrCfg.FILE), new Problems());

  /** 2025-01-01 08:00:00 UTC. */
  static final long WALL_MS = 1735718400000L;

  final List<Effect> effects = new ArrayList<>();
  DmcssmState state;
  long nowMs = 1000;
  int row;
  private long request;

  /** What the two CSSs say; tests change it before they push. */
  final MonPush.Builder[] say = {push(0), push(1)};

  Bench() {
    this(Dialect.B);
  }

  Bench(Dialect dialect) {
    Site site = new Site(Endpoint.parse("mon/dmcssm"), PLAN.host("mon").files());
    DmcssmState booted = Dmcssm.ROLE.boot().apply(site);
    List<Endpoint> css = booted.css().stream().map(CssSeat::at).toList();
    state = DmcssmState.of(ZoneOffset.UTC, MonStyle.of(dialect), booted.oguid(), css);
  }

  static Endpoint css(int n) {
    return new Endpoint("n" + (n + 1), "dmcss");
  }

  Now now() {
    return new Now(nowMs, WALL_MS + nowMs - 1000);
  }

  Bench event(Event event) {
    Step<DmcssmState> step = Dmcssm.TABLE.step(state, event, now());
    state = step.state();
    row = step.row();
    effects.addAll(step.effects());
    return this;
  }

  Bench started() {
    return event(new Event.Started(1, 42));
  }

  Bench welcome(int n) {
    event(new Event.LinkUp(css(n), 1));
    return event(
        new Event.Received(css(n), MonWelcome.newBuilder().setSeqno(n).setCss("CSS" + n).build()));
  }

  Bench push(int... css) {
    for (int n : css) {
      event(new Event.Received(css(n), say[n].build()));
    }
    return this;
  }

  /** Started, logged in at both, CSS0 in control, nothing printed that is not looked for. */
  static Bench ready() {
    return ready(Dialect.B);
  }

  static Bench ready(Dialect dialect) {
    Bench bench = new Bench(dialect).started().welcome(0).welcome(1).push(0, 1);
    bench.effects.clear();
    return bench;
  }

  /** Lets time pass, with the CSSs pushing at its end unless told otherwise. */
  Bench passes(long ms) {
    nowMs += ms;
    return event(new Event.Tick());
  }

  /** Types a command; its claim of the control CSS, if it begins with one, is granted. */
  Bench types(String words) {
    claims(words);
    int begun = row;
    for (int css = 0; css < 2 && claiming(css); css++) {
      answers(css, 0);
      row = begun;
    }
    return this;
  }

  /** Types a command; a claim it begins with waits for its answer. */
  Bench claims(String words) {
    effects.clear();
    return event(new Event.Command(++request, List.of(words.split(" "))));
  }

  boolean claiming(int css) {
    return effects.stream()
        .filter(e -> e instanceof Effect.Send send && send.to().equals(css(css)))
        .map(e -> ((Effect.Send) e).message())
        .anyMatch(m -> m instanceof MonRequest ask && ask.getOp() == MonOp.MON_CLAIM);
  }

  Bench answers(int css, int code) {
    MonRequest asked = lastAsked();
    return event(
        new Event.Received(
            css(css),
            MonAnswer.newBuilder().setId(asked.getId()).setCode(code).setSeqno(css).build()));
  }

  MonRequest lastAsked() {
    List<MonRequest> all = asked();
    return all.get(all.size() - 1);
  }

  List<MonRequest> asked() {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(e -> ((Effect.Send) e).message())
        .filter(MonRequest.class::isInstance)
        .map(MonRequest.class::cast)
        .toList();
  }

  /** What was asked for; that the control CSS was claimed before, {@link #claiming} tells. */
  List<MonOp> ops() {
    return asked().stream().map(MonRequest::getOp).filter(op -> op != MonOp.MON_CLAIM).toList();
  }

  List<MonLogin> logins() {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(e -> ((Effect.Send) e).message())
        .filter(MonLogin.class::isInstance)
        .map(MonLogin.class::cast)
        .toList();
  }

  /** Everything answered, a line each, without prefixes. */
  List<String> replies() {
    return effects.stream()
        .filter(Effect.Reply.class::isInstance)
        .map(e -> bare(((Effect.Reply) e).text()))
        .toList();
  }

  List<String> prints() {
    return effects.stream()
        .filter(Effect.Print.class::isInstance)
        .map(e -> ((Effect.Print) e).text())
        .toList();
  }

  /** The reply that ends the request, null if it has not come. */
  Effect.Reply last() {
    return effects.stream()
        .filter(Effect.Reply.class::isInstance)
        .map(Effect.Reply.class::cast)
        .filter(Effect.Reply::last)
        .findFirst()
        .orElse(null);
  }

  private static String bare(String text) {
    return text.replaceFirst("^\\[monitor\\] +\\[[-0-9: ]+] ", "");
  }

  private static MonPush.Builder push(int n) {
    MonPush.Builder push =
        MonPush.newBuilder()
            .setSeqno(n)
            .setCss("CSS" + n)
            .setControl(n == 0)
            .setControlCss(0)
            .setAutoCheck(true)
            .setAsmAutoRestart(1)
            .setDbAutoRestart(1)
            .setDcr(DCR)
            .setWallS(WALL_MS / 1000)
            .addConnection(connection(WALL_MS / 1000, "127.0.0.1", "dmcssm"))
            .addConnection(connection(1735718300, "10.0.2.9", "DMWATCHER1"));
    push.addGroup(group(0, GroupType.CSS, "GRP_CSS"));
    push.addGroup(group(1, GroupType.ASM, "GRP_ASM"));
    push.addGroup(group(2, GroupType.DB, "GRP_DSC"));
    return push;
  }

  private static MonConnection connection(long connS, String ip, String from) {
    return MonConnection.newBuilder().setMid(connS).setIp(ip).setFromName(from).build();
  }

  private static MonGroup.Builder group(int seq, GroupType type, String name) {
    MonGroup.Builder group =
        MonGroup.newBuilder()
            .setSeq(seq)
            .setName(name)
            .setType(type)
            .setControl(0)
            .setSta("OPEN")
            .setSubSta("STARTUP")
            .addOkEp(0)
            .addOkEp(1)
            .setRecoverEp(DscText.NONE)
            .setCrashOver(true);
    for (int n = 0; n < 2; n++) {
      group.addEp(
          MonEp.newBuilder()
              .setName((type == GroupType.DB ? "DSC" : type.name()) + n)
              .setSeqno(n)
              .setPort(5200 + 10 * n + seq)
              .setControl(n == 0)
              .setInstStatus(InstStatus.INST_OPEN)
              .setVtdStatus(VtdStatus.VTD_WORKING)
              .setOk(true)
              .setActive(true)
              .setGuid(329285000 + 100 * seq + n)
              .setTs(329286000 + 100 * seq + n));
    }
    return group;
  }

  /** All EPs of a group have ended in order, in the eyes of both CSSs. */
  Bench down(int group) {
    for (MonPush.Builder push : say) {
      push.getGroupBuilder(group).setControl(DscText.NONE);
      push.getGroupBuilder(group)
          .getEpBuilderList()
          .forEach(
              e ->
                  e.setActive(false)
                      .setInstStatus(InstStatus.INST_SHUTDOWN)
                      .setVtdStatus(VtdStatus.VTD_SHUTDOWN));
    }
    return this;
  }

  /** Auto restart of ASM and DB as both CSSs report it. */
  Bench restart(int asm, int db) {
    for (MonPush.Builder push : say) {
      push.setAsmAutoRestart(asm).setDbAutoRestart(db);
    }
    return this;
  }
}

package halab.cli.docker;

import halab.cli.lab.LiveLab;
import java.util.ArrayList;
import java.util.List;

/**
 * Containers that do one thing to a lab from outside its hosts and are gone again. They have a
 * label of their own, so that what a killed command left behind can be waited for.
 */
final class Moments {
  private static final String LABEL = "halab.moment";
  private static final long END_WITHIN_MS = 10_000;

  private final String lab;
  private final Containers containers;

  /**
   * @param lab tells this lab from all others, also of its name
   */
  Moments(String lab, Containers containers) {
    this.lab = lab;
    this.containers = containers;
  }

  /** Options that mark a container of a moment. */
  List<String> label() {
    return List.of("--label", LABEL + "=" + lab);
  }

  /**
   * Runs a program in the network namespace of a host, with the right to administer it, from the
   * host's own image.
   */
  Engine.Result inNetworkOf(String host, String input, String... program) {
    String id = containers.id(host);
    List<String> words = run("--user", "root", "--network", "container:" + id);
    words.addAll(List.of("--cap-add", "NET_ADMIN"));
    return Engine.ask(entered(words, containers.image(host), program), input);
  }

  /** Runs a program beside the lab's volume, whether or not any host is on. */
  Engine.Result inVolume(boolean writes, String input, String... program) {
    List<String> words = run("--network", "none");
    words.addAll(List.of("-v", containers.volume() + ":/lab" + (writes ? "" : ":ro")));
    return Engine.ask(entered(words, containers.anyImage(), program), input);
  }

  private List<String> run(String... options) {
    List<String> words = new ArrayList<>(List.of("run", "--rm", "--interactive"));
    words.addAll(List.of("--cap-drop", "ALL", "--no-healthcheck"));
    words.addAll(label());
    words.addAll(List.of(options));
    return words;
  }

  private static List<String> entered(List<String> words, String image, String... program) {
    words.addAll(List.of("--entrypoint", program[0], image));
    words.addAll(List.of(program).subList(1, program.length));
    return words;
  }

  /**
   * Waits until no command does anything to the lab any more; what a killed command left behind
   * would else undo what is done now. What does not end is ended.
   */
  void await() {
    List<String> list = List.of("ps", "--quiet", "--filter", "label=" + LABEL + "=" + lab);
    String what = "looking for what is being done to lab " + lab;
    if (!LiveLab.await(END_WITHIN_MS, () -> Engine.must(what, list).lines().isEmpty())) {
      Engine.must(what, list).lines().forEach(id -> Engine.ask("rm", "--force", id));
    }
  }
}

package halab.runtime;

import java.lang.reflect.Proxy;

/**
 * Hears SIGTERM, SIGINT and SIGTSTP as a request to stop. The JDK's own class for it is not part of
 * its documented interface, so it is reached by name; where it is missing, a shutdown hook hears
 * SIGTERM and SIGINT and keeps the process until its role has halted.
 */
final class Signals {
  private Signals() {}

  static void onStop(Runnable stop) {
    for (String name : new String[] {"TERM", "INT", "TSTP"}) {
      if (!handle(name, stop)) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> hold(stop)));
        return;
      }
    }
  }

  private static boolean handle(String name, Runnable stop) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, args) -> {
                if (method.getName().equals("handle")) {
                  stop.run();
                }
                return null;
              });
      Object which = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, which, proxy);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  private static void hold(Runnable stop) {
    stop.run();
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package halab.cli.load;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A database within this process whose connections can be made to misbehave at commit. */
final class H2Where implements Where {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** What a connection does when it is told to commit. */
  interface AtCommit {
    void commit(Connection real) throws SQLException;
  }

  private final String url =
      "jdbc:h2:mem:load"
          + DATABASES.incrementAndGet()
          + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";
  private volatile AtCommit atCommit = Connection::commit;
  private volatile boolean refusing;

  void atCommit(AtCommit does) {
    atCommit = does;
  }

  void refusing(boolean refuses) {
    refusing = refuses;
  }

  @Override
  public Connection connection() throws SQLException {
    if (refusing) {
      throw new SQLException("refused", "08001");
    }
    Connection real = DriverManager.getConnection(url);
    InvocationHandler handler =
        (proxy, method, args) -> {
          if (refusing && !method.getName().equals("close")) {
            throw new SQLException("reset", "08006");
          }
          if (method.getName().equals("commit")) {
            atCommit.commit(real);
            return null;
          }
          try {
            return method.invoke(real, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (Connection)
        Proxy.newProxyInstance(
            H2Where.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
  }

  @Override
  public String place() {
    return "within";
  }

  @Override
  public String address(Connection connection) {
    return "h2";
  }
}

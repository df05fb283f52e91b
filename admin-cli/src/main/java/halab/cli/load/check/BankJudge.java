package halab.cli.load.check;

import halab.cli.load.check.Value.Balances;
import halab.cli.load.check.Value.Books;
import halab.cli.load.check.Value.Ledger;
import halab.cli.load.check.Value.Run;
import halab.cli.load.check.Value.Transfer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bank: the total is the same in every read, no balance is below zero; at the end every
 * acknowledged row is in the ledger, no row is there that failed or was never tried, and the
 * balances are what the trail says. One bit a row is kept.
 */
public final class BankJudge implements Judge {
  /** The highest number that a row can have. */
  public static final int MOST_ROWS = 100_000_000;

  private static final String NOBODY = " though nobody wrote it";

  private final long total;
  private final Findings findings;
  private final Map<Integer, Rows> clients = new TreeMap<>();
  private int accounts = -1;
  private boolean booked;

  /** The rows of one client by number. */
  private static final class Rows {
    final BitSet tried = new BitSet();
    final BitSet acknowledged = new BitSet();
    final BitSet failed = new BitSet();
    long found;
    long unknownFound;
    long readUpTo;
  }

  /** A bank whose balances sum up to {@code total}. */
  public BankJudge(long total, Findings findings) {
    this.total = total;
    this.findings = findings;
  }

  @Override
  public void invoked(Op invoke) {
    if (invoke.value() instanceof Transfer transfer) {
      Rows rows = rows(transfer.client());
      if (rows.tried.get(bit(transfer))) {
        findings.unknown("row " + name(transfer) + " was tried twice; the history is no good");
      }
      rows.tried.set(bit(transfer));
    }
  }

  @Override
  public void done(Op invoke, Op done) {
    if (done.value() instanceof Transfer transfer) {
      Rows rows = rows(transfer.client());
      switch (done.type()) {
        case OK -> rows.acknowledged.set(bit(transfer));
        case FAIL -> rows.failed.set(bit(transfer));
        default -> {}
      }
    } else if (done.type() == Op.Type.OK) {
      found(done);
    }
  }

  private void found(Op done) {
    if (done.value() instanceof Balances read) {
      balances(read, done);
    } else if (done.value() instanceof Ledger page) {
      page(page);
    } else if (done.value() instanceof Books books) {
      books(books);
    }
  }

  private void balances(Balances read, Op done) {
    whole(read.balances(), ", read by process " + done.process() + at(done));
    read.balances().stream()
        .filter(balance -> balance < 0)
        .findFirst()
        .ifPresent(b -> findings.fault("a balance of " + b + ", below zero" + at(done)));
  }

  /** No account has gone, and no money. */
  private void whole(List<Long> balances, String where) {
    long sum = balances.stream().mapToLong(Long::longValue).sum();
    if (sum != total) {
      findings.fault("balances sum up to " + sum + " in place of " + total + where);
    }
    accounts = accounts < 0 ? balances.size() : accounts;
    if (balances.size() != accounts) {
      findings.fault("there are " + balances.size() + " accounts in place of " + accounts + where);
    }
  }

  private static String at(Op done) {
    String where = done.address() == null ? "" : " from " + done.address();
    return where + " at " + done.timeNs() / 1_000_000 + " ms";
  }

  private void page(Ledger page) {
    Rows rows = rows(page.client());
    if (page.above() != rows.readUpTo) {
      findings.unknown("the ledger of client " + page.client() + " was not read in order");
      return;
    }
    BitSet seen = new BitSet();
    for (Run run : page.found()) {
      if (run.first() < 1 || run.last() > MOST_ROWS) {
        findings.fault("row " + page.client() + "-" + run.last() + " is there" + NOBODY);
      } else {
        seen.set((int) run.first(), (int) run.last() + 1);
      }
    }
    int from = (int) Math.min(page.above(), MOST_ROWS) + 1;
    int end = (int) Math.min(page.upTo(), Math.max(rows.tried.length(), seen.length())) + 1;
    for (int row = from; row < end; row++) {
      row(page.client(), rows, row, seen.get(row));
    }
    rows.readUpTo = page.upTo();
  }

  private void row(int client, Rows rows, int row, boolean there) {
    String name = client + "-" + row;
    if (rows.acknowledged.get(row)) {
      rows.found += there ? 1 : 0;
      if (!there) {
        findings.fault("acknowledged row " + name + " is lost");
      }
    } else if (there && rows.failed.get(row)) {
      findings.fault("row " + name + " is there though its transaction was refused");
    } else if (there && !rows.tried.get(row)) {
      findings.fault("row " + name + " is there" + NOBODY);
    } else if (there) {
      rows.unknownFound++;
    }
  }

  private void books(Books books) {
    List<Long> has = books.balances();
    booked = true;
    whole(has, ", read at the end");
    for (int account = 0; account < has.size(); account++) {
      if (!has.get(account).equals(books.byTrail().get(account))) {
        findings.fault(
            "account "
                + account
                + " has "
                + has.get(account)
                + " and ought to have "
                + books.byTrail().get(account)
                + " by the trail: a transaction was applied in part");
      }
    }
  }

  @Override
  public void end(boolean whole) {
    if (!booked && clients.values().stream().anyMatch(rows -> !rows.acknowledged.isEmpty())) {
      findings.notReadBack("balances of the accounts", whole);
    }
    clients.forEach(
        (client, rows) -> {
          if (!rows.acknowledged.isEmpty() && rows.readUpTo != Long.MAX_VALUE) {
            findings.notReadBack("rows of client " + client, whole);
          }
        });
  }

  @Override
  public Tally tally() {
    long acknowledged = 0;
    long found = 0;
    long unknown = 0;
    long unknownFound = 0;
    boolean read = false;
    for (Rows rows : clients.values()) {
      acknowledged += rows.acknowledged.cardinality();
      found += rows.found;
      unknown +=
          rows.tried.cardinality() - rows.acknowledged.cardinality() - rows.failed.cardinality();
      unknownFound += rows.unknownFound;
      read |= rows.readUpTo > 0;
    }
    return new Tally("rows", acknowledged, read ? found : -1, unknown, unknownFound);
  }

  private Rows rows(int client) {
    return clients.computeIfAbsent(client, c -> new Rows());
  }

  private static int bit(Transfer transfer) {
    return (int) transfer.row();
  }

  private static String name(Transfer transfer) {
    return transfer.client() + "-" + transfer.row();
  }
}

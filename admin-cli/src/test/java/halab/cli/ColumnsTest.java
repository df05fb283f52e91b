package halab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnsTest {
  @Test
  void alignsColumnsAndLeavesNoBlanksAtTheEnds() {
    Columns columns = new Columns().row("A", "B").row("long", "").row("x", "y");
    assertThat(columns.lines("")).containsExactly("A     B", "long", "x     y");
  }

  @Test
  void doesNotCountStyles() {
    Columns columns = new Columns();
    columns.row().cell("ab", text -> "<" + text + ">").cell("c");
    columns.row("abc", "d");
    assertThat(columns.lines(" ")).containsExactly(" <ab>   c", " abc  d");
  }
}

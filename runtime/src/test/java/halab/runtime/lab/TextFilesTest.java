package halab.runtime.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {
  @TempDir Path dir;

  @Test
  void aCommentInGbkLeavesTheLinesBelowItReadable() throws IOException {
    byte[] gbk = "# 端口\nPORT_NUM = 5236\n".getBytes(Charset.forName("GBK"));
    String text = TextFiles.read(Files.write(dir.resolve("dm.ini"), gbk));
    assertThat(text).startsWith("# ").endsWith("\nPORT_NUM = 5236\n");
  }

  @Test
  void utf8IsReadAsItStands() throws IOException {
    byte[] utf8 = "# 端口\n".getBytes(StandardCharsets.UTF_8);
    assertThat(TextFiles.read(Files.write(dir.resolve("dm.ini"), utf8))).isEqualTo("# 端口\n");
  }
}

package halab.runtime.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the processes of one lab know and nobody else does. Never printed, never an argument. */
public final class Secret {
  private static final int MIN_CHARS = 32;
  private final byte[] text;

  private Secret(byte[] text) {
    this.text = text;
  }

  /** Makes a new secret in a file that only its owner can read. */
  public static Secret create(Path file) throws IOException {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    byte[] text = HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII);
    AtomicFiles.writeSecret(file, text);
    return new Secret(text);
  }

  /** Reads the secret; one that is missing or too short is an {@link IOException} saying so. */
  public static Secret read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    if (text.length() < MIN_CHARS) {
      throw new IOException(file + " is shorter than " + MIN_CHARS + " characters");
    }
    return new Secret(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Compares in constant time; null never matches. */
  public boolean matches(String candidate) {
    return candidate != null
        && MessageDigest.isEqual(text, candidate.getBytes(StandardCharsets.US_ASCII));
  }

  /** What only somebody who knows the secret can say of these bytes (HMAC-SHA256). */
  public byte[] sign(byte[] bytes) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(text, "HmacSHA256"));
      return mac.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  /** For the call header alone. */
  public String reveal() {
    return new String(text, StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}

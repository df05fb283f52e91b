package halab.node.pg;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is stored of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677), in PostgreSQL's own form:
 * {@code SCRAM-SHA-256$rounds:salt$stored key:server key}.
 */
public record Verifier(int rounds, byte[] salt, byte[] storedKey, byte[] serverKey) {
  private static final String SCHEME = "SCRAM-SHA-256";
  private static final int ROUNDS = 4096;
  private static final int KEY_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int ROUNDS_MOST = 1_000_000;
  private static final int SALT_BYTES_MOST = 1_024;

  /** Makes a verifier with a salt of its own. */
  public static Verifier of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    // SASLprep's main effect; pgjdbc and libpq normalise the same way.
    String prepared = Normalizer.normalize(password, Normalizer.Form.NFKC);
    try {
      SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
      PBEKeySpec spec = new PBEKeySpec(prepared.toCharArray(), salt, ROUNDS, KEY_BYTES * 8);
      byte[] salted = factory.generateSecret(spec).getEncoded();
      byte[] stored = sha256(hmac(salted, "Client Key"));
      return new Verifier(ROUNDS, salt, stored, hmac(salted, "Server Key"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no PBKDF2WithHmacSHA256", e);
    }
  }

  /**
   * Reads the stored form.
   *
   * @throws IllegalArgumentException when it is not one; never shows the text
   */
  public static Verifier parse(String text) {
    String[] parts = text.split("[$:]", -1);
    if (parts.length != 5 || !parts[0].equals(SCHEME)) {
      throw new IllegalArgumentException(
          "a stored password must have the form SCRAM-SHA-256$rounds:salt$key:key");
    }
    Base64.Decoder decoder = Base64.getDecoder();
    Verifier read =
        new Verifier(
            Integer.parseInt(parts[1]),
            decoder.decode(parts[2]),
            decoder.decode(parts[3]),
            decoder.decode(parts[4]));
    if (read.rounds < 1
        || read.rounds > ROUNDS_MOST
        || read.salt.length < 1
        || read.salt.length > SALT_BYTES_MOST
        || read.storedKey.length != KEY_BYTES
        || read.serverKey.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "a stored password has 1 to 1000000 rounds, a salt, and keys of 32 bytes");
    }
    return read;
  }

  /** The stored form. */
  public String text() {
    Base64.Encoder encoder = Base64.getEncoder();
    return String.format(
        "%s$%d:%s$%s:%s",
        SCHEME,
        rounds,
        encoder.encodeToString(salt),
        encoder.encodeToString(storedKey),
        encoder.encodeToString(serverKey));
  }

  /** One that no password fits, always the same for a user: strangers learn nothing of names. */
  static Verifier decoy(byte[] secret, String user) {
    byte[] salt = new byte[SALT_BYTES];
    System.arraycopy(hmac(secret, user), 0, salt, 0, SALT_BYTES);
    byte[] key = hmac(secret, "key of " + user);
    return new Verifier(ROUNDS, salt, key, key);
  }

  static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Verifier[" + rounds + " rounds]";
  }
}

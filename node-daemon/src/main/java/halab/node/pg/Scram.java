package halab.node.pg;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** The server's half of one SCRAM-SHA-256 exchange. Channel binding is not offered. */
final class Scram {
  static final String MECHANISM = "SCRAM-SHA-256";
  private static final int NONCE_BYTES = 18;

  private final Verifier verifier;
  private final boolean known;
  private String header = "";
  private String nonce = "";
  private String signed = "";

  /**
   * @param known false for a decoy: the exchange is the same and always fails at the end
   */
  Scram(Verifier verifier, boolean known) {
    this.verifier = verifier;
    this.known = known;
  }

  /** Takes the client's first message and answers the server's first. */
  String first(String message) {
    int bare = message.indexOf(',', message.indexOf(',') + 1) + 1;
    if (bare <= 1 || !(message.startsWith("n,") || message.startsWith("y,"))) {
      throw PgError.protocol("malformed SCRAM message").detail("The client asks for binding.");
    }
    header = message.substring(0, bare);
    String clientNonce = attribute(message.substring(bare), 'r', 1);
    byte[] own = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(own);
    nonce = clientNonce + Base64.getEncoder().encodeToString(own);
    String salt = Base64.getEncoder().encodeToString(verifier.salt());
    String answer = "r=" + nonce + ",s=" + salt + ",i=" + verifier.rounds();
    signed = message.substring(bare) + "," + answer;
    return answer;
  }

  /**
   * Takes the client's last message and answers the server's last.
   *
   * @return empty when the proof is wrong
   */
  String last(String message) {
    int proofAt = message.lastIndexOf(",p=");
    if (proofAt < 0) {
      throw PgError.protocol("malformed SCRAM message").detail("The proof is missing.");
    }
    String withoutProof = message.substring(0, proofAt);
    byte[] binding = decode(attribute(withoutProof, 'c', 0));
    if (!header.equals(Frame.utf8(binding)) || !nonce.equals(attribute(withoutProof, 'r', 1))) {
      throw PgError.protocol("malformed SCRAM message").detail("Nonce or header do not match.");
    }
    byte[] proof = decode(message.substring(proofAt + 3));
    String all = signed + "," + withoutProof;
    byte[] signature = Verifier.hmac(verifier.storedKey(), all);
    if (proof.length != signature.length) {
      throw PgError.protocol("malformed SCRAM message").detail("The proof has a wrong length.");
    }
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= signature[i];
    }
    boolean right = MessageDigest.isEqual(Verifier.sha256(proof), verifier.storedKey());
    String answer =
        "v=" + Base64.getEncoder().encodeToString(Verifier.hmac(verifier.serverKey(), all));
    return right && known ? answer : "";
  }

  private static String attribute(String message, char name, int place) {
    String[] parts = message.split(",", -1);
    if (parts.length <= place || !parts[place].startsWith(name + "=")) {
      throw PgError.protocol("malformed SCRAM message").detail("Attribute " + name + " is missing.");
    }
    return parts[place].substring(2);
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw PgError.protocol("malformed SCRAM message").detail("Not base64.");
    }
  }
}

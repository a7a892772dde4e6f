package dev.modelweir.e2e.servers;

import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/**
 * Models on this machine for pods to download. {@code model.onnx} is the iris model, {@code
 * large.onnx} the same with {@value #PADDING} bytes more, {@code cut.onnx} the first half of it,
 * {@code text.onnx} no model at all.
 */
public final class Downloads implements AutoCloseable {
  public static final int PADDING = 8 << 20;

  private final String machine;
  private final Certificate certificate;
  private final WebServer web;
  private final S3Server s3;

  private Downloads(String machine, Certificate certificate, WebServer web, S3Server s3) {
    this.machine = machine;
    this.certificate = certificate;
    this.web = web;
    this.s3 = s3;
  }

  /** Starts both servers. */
  public static Downloads start(Platform platform) throws Exception {
    Path folder = Files.createTempDirectory(Checkout.path("e2e/target"), "downloads-");
    String machine = platform.thisMachine();
    Certificate certificate = Certificate.selfSigned(folder, machine);
    WebServer web = WebServer.start(certificate);
    web.put("model.onnx", Checkout.irisModel("v1"));
    web.put("large.onnx", large(folder));
    byte[] model = Files.readAllBytes(Checkout.irisModel("v1"));
    web.put(
        "cut.onnx",
        Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(model, model.length / 2)));
    web.put("text.onnx", Files.writeString(folder.resolve("text.onnx"), "no model\n"));
    S3Server s3 = S3Server.start(Files.createDirectory(folder.resolve("s3")));
    s3.put("models/iris/model.onnx", Checkout.irisModel("v1"));
    return new Downloads(machine, certificate, web, s3);
  }

  /**
   * The address of a file.
   *
   * @param place {@code open}, {@code basic} or {@code bearer}
   */
  public String https(String place, String file) {
    return "https://%s:%d/%s/%s".formatted(machine, web.port(), place, file);
  }

  /** Trust in the web server, for a Secret. */
  public Map<String, String> trust() {
    return Map.of("CA_CERT", certificate.pem());
  }

  /** Trust and a user, for a Secret. */
  public Map<String, String> basic(String password) {
    return Map.of(
        "CA_CERT", certificate.pem(), "HTTP_USERNAME", WebServer.USER, "HTTP_PASSWORD", password);
  }

  /** Trust and a token, for a Secret. */
  public Map<String, String> bearer() {
    return Map.of("CA_CERT", certificate.pem(), "HTTP_BEARER_TOKEN", WebServer.TOKEN);
  }

  /** The S3 server; it has the one bucket {@code models}. */
  public S3Server bucket() {
    return s3;
  }

  /** Endpoint and user of the S3 server, for a Secret. */
  public Map<String, String> s3() {
    return s3(S3Server.SECRET_KEY);
  }

  /** The same with a key that may be wrong. */
  public Map<String, String> s3(String secretKey) {
    return Map.of(
        "AWS_ENDPOINT_URL",
        "http://%s:%d".formatted(machine, s3.port()),
        "AWS_ACCESS_KEY_ID",
        S3Server.ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY",
        secretKey);
  }

  /** The digest of a file as `spec.model.digest` takes it. */
  public static String digest(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return "sha256:" + HexFormat.of().formatHex(sha256);
  }

  /** A model whose documentation (ModelProto.doc_string, field 6) is very long. */
  private static Path large(Path folder) throws IOException {
    Path file = folder.resolve("large.onnx");
    try (var out = Files.newOutputStream(file)) {
      Files.copy(Checkout.irisModel("v1"), out);
      out.write(6 << 3 | 2);
      for (int rest = PADDING; rest > 0; rest >>>= 7) {
        out.write(rest < 0x80 ? rest : rest & 0x7f | 0x80);
      }
      out.write(" ".repeat(PADDING).getBytes(StandardCharsets.US_ASCII));
    }
    return file;
  }

  @Override
  public void close() throws Exception {
    web.close();
    s3.close();
  }
}

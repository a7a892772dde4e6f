package dev.modelweir.e2e.servers;

import dev.modelweir.e2e.harness.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate that no usual authority has signed.
 *
 * @param context for a server that shows it
 * @param pem for clients that shall trust it
 */
public record Certificate(SSLContext context, String pem) {
  private static final String PASSWORD = "for-tests-only";

  /**
   * Makes one.
   *
   * @param folder for the key
   * @param address IP address it is valid for
   */
  public static Certificate selfSigned(Path folder, String address)
      throws IOException, GeneralSecurityException {
    Path file = Files.createDirectories(folder).resolve("key.p12");
    Files.deleteIfExists(file);
    Command keytool =
        Command.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    String[] store = {"-keystore", file.toString(), "-storepass", PASSWORD, "-alias", "server"};
    keytool
        .with("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + address, "-validity", "2")
        .with("-ext", "san=ip:" + address)
        .with(store)
        .output();
    String pem = keytool.with("-exportcert", "-rfc").with(store).output();

    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new Certificate(context, pem);
  }
}

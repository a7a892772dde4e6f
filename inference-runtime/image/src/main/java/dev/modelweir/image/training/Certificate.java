package dev.modelweir.image.training;

import dev.modelweir.image.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for 127.0.0.1 that lives as long as one training.
 *
 * @param file the certificate as PEM
 * @param context serves TLS with it
 */
record Certificate(Path file, SSLContext context) {
  private static final String PASSWORD = "training";

  static Certificate create(Path work) throws IOException, InterruptedException {
    Files.createDirectories(work);
    Path keys = work.resolve("api-server.p12");
    Path file = work.resolve("api-server.crt");
    Files.deleteIfExists(keys);
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    new Command(
            work,
            keytool,
            "-genkeypair",
            "-alias",
            "api",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-dname",
            "CN=stand-in API server",
            "-ext",
            "san=ip:127.0.0.1",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            keys.toString(),
            "-storepass",
            PASSWORD)
        .run();
    new Command(
            work,
            keytool,
            "-exportcert",
            "-rfc",
            "-alias",
            "api",
            "-file",
            file.toString(),
            "-keystore",
            keys.toString(),
            "-storepass",
            PASSWORD)
        .run();
    return new Certificate(file, context(keys));
  }

  private static SSLContext context(Path keys) throws IOException {
    try (InputStream in = Files.newInputStream(keys)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException broken) {
      throw new IOException("cannot read " + keys, broken);
    }
  }
}

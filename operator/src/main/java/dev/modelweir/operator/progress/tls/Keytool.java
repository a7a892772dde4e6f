package dev.modelweir.operator.progress.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes keys and certificates with the {@code keytool} of the Java run-time, which is part of every
 * one: the JDK has no API for this, and a cryptographic library only for it would be ten megabytes.
 */
final class Keytool implements Issuer {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String TYPE = "PKCS12";
  private static final String AUTHORITY = "authority";
  private static final String ENDPOINT = "endpoint";

  // Small, because it runs beside the operator within one memory limit.
  private static final List<String> JVM =
      List.of("-J-Xmx32m", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1");

  @Override
  public Keys issue(Optional<Keys> authority, String host) throws IOException {
    Path folder = Files.createTempDirectory("modelweir-keys");
    Path file = folder.resolve("keys.p12");
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    try {
      if (authority.isPresent()) {
        write(authority.get(), file, password);
      } else {
        run(
            file,
            password,
            AUTHORITY,
            Renewal.AUTHORITY_LIFE,
            "-dname",
            "CN=Modelweir progress authority",
            "-ext",
            "bc:critical=ca:true,pathlen:0",
            "-ext",
            "ku:critical=keyCertSign,cRLSign");
      }
      run(
          file,
          password,
          ENDPOINT,
          Renewal.CERTIFICATE_LIFE,
          "-signer",
          AUTHORITY,
          "-dname",
          "CN=Modelweir progress",
          "-ext",
          "san=dns:" + host,
          "-ext",
          "ku:critical=digitalSignature",
          "-ext",
          "eku=serverAuth");
      return read(file, password);
    } catch (GeneralSecurityException e) {
      throw new IOException("the keys in %s cannot be read or written".formatted(file), e);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static void run(
      Path file, String password, String alias, Duration life, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(JVM);
    command.addAll(
        List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1"));
    // An hour early, for clocks that are behind.
    command.addAll(List.of("-startdate", "-1H", "-validity", Long.toString(life.toDays())));
    command.addAll(List.of("-storetype", TYPE, "-keystore", file.toString()));
    command.addAll(List.of("-storepass:env", "MODELWEIR_STORE_PASSWORD"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MODELWEIR_STORE_PASSWORD", password);
    Process keytool = builder.start();
    try {
      keytool.getOutputStream().close();
      if (!keytool.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException("keytool failed: " + said(keytool));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    } finally {
      keytool.destroyForcibly();
    }
  }

  /** Its output, which is a few lines and so never fills the pipe. */
  private static String said(Process keytool) throws IOException {
    if (keytool.isAlive()) {
      return "it did not end within %d s".formatted(PATIENCE.toSeconds());
    }
    return new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static void write(Keys keys, Path file, String password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(TYPE);
    store.load(null, null);
    Certificate[] chain = {keys.authority()};
    store.setKeyEntry(AUTHORITY, keys.authorityKey(), password.toCharArray(), chain);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
  }

  private static Keys read(Path file, String password)
      throws IOException, GeneralSecurityException {
    char[] secret = password.toCharArray();
    KeyStore store = KeyStore.getInstance(TYPE);
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, secret);
    }
    return new Keys(
        (X509Certificate) store.getCertificate(AUTHORITY),
        (PrivateKey) store.getKey(AUTHORITY, secret),
        (X509Certificate) store.getCertificate(ENDPOINT),
        (PrivateKey) store.getKey(ENDPOINT, secret));
  }
}

package dev.modelweir.e2e.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 server with one user; buckets are the folders of a folder. */
public final class S3Server implements AutoCloseable {
  public static final String ACCESS_KEY = "modelweir";
  public static final String SECRET_KEY = "for-tests-only";

  private final Path folder;
  private final int port;
  private S3Proxy server;

  private S3Server(Path folder, S3Proxy server) {
    this.folder = folder;
    this.server = server;
    this.port = server.getPort();
  }

  /**
   * Starts it on a free port of all addresses.
   *
   * @param folder an empty folder
   */
  public static S3Server start(Path folder) throws Exception {
    return new S3Server(folder, started(folder, 0));
  }

  private static S3Proxy started(Path folder, int port) throws Exception {
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.toString()))
            .endpoint(URI.create("http://0.0.0.0:" + port))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    server.start();
    return server;
  }

  /** From now on nobody answers. */
  public void stop() throws Exception {
    server.stop();
  }

  /** Answers again after {@link #stop}, at the same address and with the same objects. */
  public void startAgain() throws Exception {
    server = started(folder, port);
  }

  /** Puts a copy of a file at {@code BUCKET/KEY}. */
  public void put(String address, Path file) throws IOException {
    Path object = folder.resolve(address);
    Files.createDirectories(object.getParent());
    Files.copy(file, object);
    // What others may read on disk, the server gives to everybody.
    Files.setPosixFilePermissions(object, PosixFilePermissions.fromString("rw-------"));
  }

  /** The file that holds an object, by its {@code s3://} address. */
  public Path file(String uri) {
    return folder.resolve(uri.substring("s3://".length()));
  }

  public int port() {
    return port;
  }

  @Override
  public void close() throws Exception {
    stop();
  }
}

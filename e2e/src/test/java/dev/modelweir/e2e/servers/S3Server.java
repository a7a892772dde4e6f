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

  private final S3Proxy server;
  private final Path folder;

  private S3Server(S3Proxy server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /**
   * Starts it on a free port of all addresses.
   *
   * @param folder an empty folder
   */
  public static S3Server start(Path folder) throws Exception {
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.toString()))
            .endpoint(URI.create("http://0.0.0.0:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    server.start();
    return new S3Server(server, folder);
  }

  /** Puts a copy of a file at {@code BUCKET/KEY}. */
  public void put(String address, Path file) throws IOException {
    Path object = folder.resolve(address);
    Files.createDirectories(object.getParent());
    Files.copy(file, object);
    // What others may read on disk, the server gives to everybody.
    Files.setPosixFilePermissions(object, PosixFilePermissions.fromString("rw-------"));
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}

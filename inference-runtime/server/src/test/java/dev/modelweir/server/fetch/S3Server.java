package dev.modelweir.server.fetch;

import dev.modelweir.server.FileTree;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A real S3 server, with one account, that keeps its objects in a temporary folder. */
public final class S3Server implements AutoCloseable {
  private final Path folder;
  private final S3Proxy server;
  private final AwsBasicCredentials account;

  public S3Server(String key, String secret) {
    account = AwsBasicCredentials.create(key, secret);
    try {
      folder = Files.createTempDirectory("s3-server");
      server =
          S3Proxy.builder()
              .blobStore(new FilesystemNio2BlobStore(folder.toString()))
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.AWS_V4, key, secret)
              .build();
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server does not start", e);
    }
  }

  public int port() {
    return server.getPort();
  }

  public S3Client client() {
    return S3Client.builder()
        .region(Region.US_EAST_1)
        .endpointOverride(URI.create("http://127.0.0.1:" + port()))
        .forcePathStyle(true)
        .credentialsProvider(StaticCredentialsProvider.create(account))
        .build();
  }

  @Override
  public void close() {
    try {
      server.stop();
      FileTree.delete(folder);
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server does not stop", e);
    }
  }
}

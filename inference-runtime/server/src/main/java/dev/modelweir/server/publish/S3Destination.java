package dev.modelweir.server.publish;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.Retries;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket, or a prefix in it. Objects appear one by one, the model file as the last of its
 * version: whoever finds it finds all. Its digest is in its metadata as well.
 */
final class S3Destination implements Destination {
  private static final String DIGEST = "sha256";

  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private final Retries retries;
  private final S3Upload upload;

  /**
   * @param partSize bytes; larger files are sent in parts of this size, each tried again by itself
   */
  S3Destination(S3Client client, URI to, int partSize, Retries retries, Consumer<String> log) {
    this.client = client;
    this.bucket = to.getRawAuthority();
    String path = to.getPath().replaceFirst("^/", "");
    this.prefix = path.isEmpty() ? "" : path + "/";
    this.retries = retries;
    this.upload = new S3Upload(client, bucket, partSize, retries, log);
  }

  /** The folder, as a download brings the whole of it. */
  @Override
  public String uri(Artifact artifact) {
    return S3Upload.shown(bucket, prefix + artifact.folder() + "/");
  }

  @Override
  public boolean put(Artifact artifact) throws ExitException {
    String folder = prefix + artifact.folder() + "/";
    String key = folder + Artifact.MODEL_FILE;
    try {
      if (retries.call(S3Upload.shown(bucket, key), () -> holds(key, artifact))) {
        return false;
      }
      for (var other : artifact.others().entrySet()) {
        upload.put(folder + other.getKey(), other.getValue(), Map.of());
      }
      upload.put(key, artifact.model(), Map.of(DIGEST, artifact.digest()));
      return true;
    } catch (IOException e) {
      throw new ExitException(
          ExitReason.StoreFailed, "%s could not be published: %s".formatted(artifact.folder(), e));
    }
  }

  private boolean holds(String key, Artifact artifact) throws ExitException, IOException {
    try {
      HeadObjectResponse head = client.headObject(b -> b.bucket(bucket).key(key));
      return head.contentLength() == artifact.model().size()
          && artifact.digest().equals(head.metadata().get(DIGEST));
    } catch (S3Exception e) {
      // Who may write but not list gets 403. What is really wrong shows with the first upload.
      if (e.statusCode() == 404 || e.statusCode() == 403) {
        return false;
      }
      throw S3Upload.translate(e, bucket, key);
    } catch (SdkException e) {
      throw S3Upload.translate(e, bucket, key);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}

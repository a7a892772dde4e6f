package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One object, or every object below a prefix that ends in {@code /}, from any S3 endpoint. */
final class S3Source implements Source {
  private final S3Client client;
  private final String bucket;
  private final String key;

  private S3Source(S3Client client, String bucket, String key) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
  }

  static S3Source create(URI uri, Environment environment, Trust trust, Duration timeout) {
    return new S3Source(
        S3Access.client(environment, trust, timeout),
        uri.getRawAuthority(),
        uri.getPath().replaceFirst("^/", ""));
  }

  @Override
  public List<Item> items() throws ExitException, IOException {
    if (!key.isEmpty() && !key.endsWith("/")) {
      return List.of(item(key, Addresses.lastSegment(key), -1));
    }
    List<Item> items = new ArrayList<>();
    try {
      for (S3Object object :
          client.listObjectsV2Paginator(b -> b.bucket(bucket).prefix(key)).contents()) {
        if (!object.key().endsWith("/")) {
          items.add(item(object.key(), below(object.key()), object.size()));
        }
      }
    } catch (SdkException e) {
      throw translate(e);
    }
    if (items.isEmpty()) {
      throw new ExitException(
          ExitReason.ModelNotFound,
          "s3://%s/%s holds no objects; check the bucket and the prefix".formatted(bucket, key));
    }
    return items;
  }

  /** Under the prefix's own last segment, so that a folder arrives as a folder. */
  private String below(String objectKey) {
    String parent = key.isEmpty() ? "" : key.substring(0, key.length() - 1);
    return objectKey.substring(parent.lastIndexOf('/') + 1);
  }

  private Item item(String objectKey, String path, long size) {
    return new Item(path, size, null, Form.FILE, (offset, etag) -> open(objectKey, offset, etag));
  }

  private Opened open(String objectKey, long offset, @Nullable String etag)
      throws ExitException, IOException {
    boolean resume = offset > 0 && etag != null;
    try {
      ResponseInputStream<GetObjectResponse> body =
          client.getObject(get -> {
            get.bucket(bucket).key(objectKey);
            if (resume) {
              get.range("bytes=" + offset + "-").ifMatch(etag);
            }
          });
      long start = resume ? offset : 0;
      GetObjectResponse response = body.response();
      return new Opened(
          new Body(body), start, start + response.contentLength(), response.eTag(), false);
    } catch (AwsServiceException e) {
      if (e.statusCode() == 412 || e.statusCode() == 416) {
        return open(objectKey, 0, null);
      }
      throw translate(e);
    } catch (SdkException e) {
      throw translate(e);
    }
  }

  /** What an error means: for good (returned), or for the moment (thrown). */
  private ExitException translate(SdkException e) throws IOException {
    S3Access.Refusal refusal = S3Access.refusal(e, "s3://" + bucket + "/" + key);
    return refusal.status() == 404
        ? new ExitException(
            ExitReason.ModelNotFound,
            refusal.message() + "; there is no model, check bucket and key")
        : refusal.orElse(ExitReason.FetchFailed);
  }

  @Override
  public void close() {
    client.close();
  }

  /** Failures as IOException, and an end without reading the rest. */
  private static final class Body extends FilterInputStream {
    private final ResponseInputStream<GetObjectResponse> response;

    Body(ResponseInputStream<GetObjectResponse> response) {
      super(response);
      this.response = response;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return in.read(buffer, offset, length);
      } catch (SdkException e) {
        throw new IOException(S3Access.rootMessage(e), e);
      }
    }

    @Override
    public void close() {
      response.abort();
    }
  }
}

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
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One object, or every object below a prefix that ends in {@code /}, from any S3 endpoint. */
final class S3Source implements Source {
  private static final String CREDENTIALS =
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from the credentials Secret";

  private final S3Client client;
  private final String bucket;
  private final String key;

  private S3Source(S3Client client, String bucket, String key) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
  }

  static S3Source create(URI uri, Environment environment, Trust trust, Duration timeout) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(environment.get("AWS_REGION").orElse("us-east-1")))
            .credentialsProvider(credentials(environment))
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            // Retrying is done outside, alike for all sources, and includes broken transfers.
            .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(timeout)
                    .socketTimeout(timeout)
                    .tlsTrustManagersProvider(trust::managers));
    environment
        .get("AWS_ENDPOINT_URL")
        .ifPresent(endpoint -> builder.endpointOverride(URI.create(endpoint)).forcePathStyle(true));
    return new S3Source(
        builder.build(), uri.getRawAuthority(), uri.getPath().replaceFirst("^/", ""));
  }

  private static AwsCredentialsProvider credentials(Environment environment) {
    var id = environment.get("AWS_ACCESS_KEY_ID");
    var secret = environment.get("AWS_SECRET_ACCESS_KEY");
    if (id.isEmpty() || secret.isEmpty()) {
      // Public buckets need none; others answer with the reason.
      return AnonymousCredentialsProvider.create();
    }
    return StaticCredentialsProvider.create(
        environment.get("AWS_SESSION_TOKEN").isPresent()
            ? AwsSessionCredentials.create(
                id.get(), secret.get(), environment.get("AWS_SESSION_TOKEN").get())
            : AwsBasicCredentials.create(id.get(), secret.get()));
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
    String where = "s3://" + bucket + "/" + key;
    if (!(e instanceof AwsServiceException service)) {
      throw new IOException(rootMessage(e), e);
    }
    int status = service.statusCode();
    String code = service.awsErrorDetails().errorCode();
    String answer = where + " answered " + status + (code == null ? "" : " " + code);
    return switch (status) {
      case 401, 403 ->
          new ExitException(
              ExitReason.CredentialsMissing,
              answer + "; the credentials are missing or not accepted: " + CREDENTIALS);
      case 404 ->
          new ExitException(
              ExitReason.ModelNotFound, answer + "; there is no model, check bucket and key");
      case 408, 429 -> throw new IOException("answered " + status);
      default -> {
        if (status >= 500) {
          throw new IOException("answered " + status);
        }
        yield new ExitException(ExitReason.FetchFailed, answer);
      }
    };
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
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
        throw new IOException(rootMessage(e), e);
      }
    }

    @Override
    public void close() {
      response.abort();
    }
  }
}

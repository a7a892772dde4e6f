package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** How this process reaches S3, and what the answers of any S3 endpoint mean. */
public final class S3Access {
  private static final String CREDENTIALS =
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from the credentials Secret";

  private S3Access() {}

  /**
   * A client with endpoint, region, credentials and certificates from the environment.
   *
   * @param timeout after which a silent connection counts as lost
   * @throws ExitException when the certificates cannot be used
   */
  public static S3Client client(Environment environment, Duration timeout) throws ExitException {
    return client(environment, Trust.from(environment), timeout);
  }

  static S3Client client(Environment environment, Trust trust, Duration timeout) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(environment.get("AWS_REGION").orElse("us-east-1")))
            .credentialsProvider(credentials(environment))
            // Many S3 services besides Amazon's know neither.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            // Retrying is done outside, alike for all places, and includes broken transfers.
            .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(timeout)
                    .socketTimeout(timeout)
                    .tlsTrustManagersProvider(trust::managers));
    environment
        .get("AWS_ENDPOINT_URL")
        .ifPresent(endpoint -> builder.endpointOverride(URI.create(endpoint)).forcePathStyle(true));
    return builder.build();
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

  /**
   * An answer that asking again would not change.
   *
   * @param status of HTTP
   * @param message who answered what
   */
  public record Refusal(int status, String message) {
    /** Ends the process: with CredentialsMissing for 401 and 403, else with the reason given. */
    public ExitException orElse(ExitReason other) {
      return status == 401 || status == 403
          ? new ExitException(
              ExitReason.CredentialsMissing,
              message + "; the credentials are missing or not accepted: " + CREDENTIALS)
          : new ExitException(other, message);
    }
  }

  /**
   * Tells for good from for the moment.
   *
   * @param where the address, for messages
   * @throws IOException when it is worth trying again
   */
  public static Refusal refusal(SdkException e, String where) throws IOException {
    if (!(e instanceof AwsServiceException service)) {
      throw new IOException(rootMessage(e), e);
    }
    int status = service.statusCode();
    if (status == 408 || status == 429 || status >= 500) {
      throw new IOException("answered " + status);
    }
    String code = service.awsErrorDetails().errorCode();
    return new Refusal(status, where + " answered " + status + (code == null ? "" : " " + code));
  }

  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}

package dev.modelweir.server.publish;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.Progress;
import dev.modelweir.server.fetch.Retries;
import dev.modelweir.server.fetch.S3Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.io.input.BoundedInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Sends files to a bucket. An object is there with all its bytes or not at all, also when it is
 * sent in parts.
 *
 * @param partSize bytes
 */
record S3Upload(
    S3Client client, String bucket, int partSize, Retries retries, Consumer<String> log) {
  private static final String TYPE = "application/octet-stream";

  void put(String key, Content content, Map<String, String> metadata)
      throws ExitException, IOException {
    if (content.size() > partSize) {
      putInParts(key, content, metadata);
    } else {
      retried(
          key,
          () ->
              client.putObject(
                  b -> b.bucket(bucket).key(key).metadata(metadata),
                  body(key, content, 0, content.size())));
    }
  }

  private void putInParts(String key, Content content, Map<String, String> metadata)
      throws ExitException, IOException {
    String upload =
        retried(
                key,
                () ->
                    client.createMultipartUpload(b -> b.bucket(bucket).key(key).metadata(metadata)))
            .uploadId();
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (long offset = 0; offset < content.size(); offset += partSize) {
        parts.add(part(key, upload, parts.size() + 1, content, offset));
        log.accept(
            "%s: %s of %s"
                .formatted(
                    shown(bucket, key),
                    Progress.mib(Math.min(offset + partSize, content.size())),
                    Progress.mib(content.size())));
      }
      retried(
          key,
          () ->
              client.completeMultipartUpload(b ->
                  b.bucket(bucket).key(key).uploadId(upload).multipartUpload(u -> u.parts(parts))));
    } catch (ExitException | IOException | RuntimeException e) {
      abort(key, upload);
      throw e;
    }
  }

  private CompletedPart part(String key, String upload, int number, Content content, long offset)
      throws ExitException, IOException {
    long length = Math.min(partSize, content.size() - offset);
    String etag =
        retried(
                key,
                () ->
                    client.uploadPart(
                        b -> b.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                        body(key, content, offset, length)))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(etag).build();
  }

  /** Parts of an upload that is never completed cost money without being visible. */
  private void abort(String key, String upload) {
    try {
      client.abortMultipartUpload(b -> b.bucket(bucket).key(key).uploadId(upload));
    } catch (SdkException e) {
      log.accept(
          "%s: the parts sent so far could not be removed: %s"
              .formatted(shown(bucket, key), e.getMessage()));
    }
  }

  private RequestBody body(String key, Content content, long offset, long length) {
    return RequestBody.fromContentProvider(
        () -> {
          try {
            InputStream part =
                BoundedInputStream.builder()
                    .setInputStream(content.open(offset))
                    .setMaxCount(length)
                    .get();
            return new Progress(part, shown(bucket, key), length, log);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        length,
        TYPE);
  }

  private <T> T retried(String key, Request<T> request) throws ExitException, IOException {
    return retries.call(
        shown(bucket, key),
        () -> {
          try {
            return request.send();
          } catch (SdkException e) {
            throw translate(e, bucket, key);
          }
        });
  }

  @FunctionalInterface
  private interface Request<T> {
    T send() throws IOException;
  }

  static String shown(String bucket, String key) {
    return "s3://" + bucket + "/" + key;
  }

  /** What an error means: for good (returned), or for the moment (thrown). */
  static ExitException translate(SdkException e, String bucket, String key) throws IOException {
    S3Access.Refusal refusal = S3Access.refusal(e, shown(bucket, key));
    return refusal.status() == 404
        ? new ExitException(
            ExitReason.StoreFailed, refusal.message() + "; there is no such bucket, create it")
        : refusal.orElse(ExitReason.StoreFailed);
  }
}

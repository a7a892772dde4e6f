package dev.modelweir.image.oci;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.image.json.OciManifestTemplate;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import com.google.cloud.tools.jib.registry.RegistryClient;
import dev.modelweir.image.ImageException;
import dev.modelweir.image.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.DigestException;
import javax.net.ssl.SSLException;

/** Pushes an image archive to a registry, blob by blob, so that the digest stays the same. */
public final class Registry {

  private final boolean insecure;

  /**
   * @param insecure whether plain http, or https with an unknown certificate, is accepted
   */
  public Registry(boolean insecure) {
    this.insecure = insecure;
  }

  /**
   * Pushes the image in {@code file} under the name {@code target}; blobs that the registry has
   * already are not sent.
   *
   * @return the digest of the manifest
   */
  public String push(Path file, ImageReference target) throws IOException {
    try (var archive = ImageArchive.open(file)) {
      requireTrust(target);
      RegistryClient client = connect(target);
      for (ImageArchive.Descriptor blob : archive.blobs()) {
        send(client, archive, blob);
      }
      byte[] manifest = archive.read(archive.manifest());
      String digest =
          client
              .pushManifest(
                  JsonTemplateMapper.readJson(manifest, OciManifestTemplate.class),
                  target.getTag().orElse("latest"))
              .toString();
      if (!digest.equals(archive.manifest().digest())) {
        throw new ImageException(
            "%s was pushed as %s, but %s holds %s: it was not written by this tool"
                .formatted(target, digest, file, archive.manifest().digest()));
      }
      Progress.say("pushed %s@%s", target, digest);
      return digest;
    } catch (ImageException told) {
      throw told;
    } catch (RegistryException | DigestException | IOException failure) {
      String text = String.valueOf(failure.getMessage()).strip();
      throw new ImageException("cannot push %s: %s%s".formatted(target, text, hint()));
    }
  }

  /** Without this, jib would try for a minute before it gave up on an unknown certificate. */
  private void requireTrust(ImageReference target) throws IOException {
    if (insecure) {
      return;
    }
    try {
      URI.create("https://" + target.getRegistry() + "/v2/").toURL().openConnection().connect();
    } catch (SSLException untrusted) {
      throw untrusted;
    } catch (IOException unreachable) {
      // For jib to try again, and to report.
    }
  }

  private String hint() {
    return insecure ? "" : " (for a registry with plain http say --insecure, or -Dimage.insecure)";
  }

  private RegistryClient connect(ImageReference target) throws IOException, RegistryException {
    var factory =
        RegistryClient.factory(
                EventHandlers.NONE,
                target.getRegistry(),
                target.getRepository(),
                new FailoverHttpClient(insecure, insecure, event -> {}))
            .setUserAgent("modelweir-image");
    var credential = Credentials.find(target);
    credential.ifPresent(factory::setCredential);
    RegistryClient client = factory.newRegistryClient();
    if (!client.doPushBearerAuth() && credential.isPresent()) {
      client.configureBasicAuth();
    }
    return client;
  }

  private static void send(
      RegistryClient client, ImageArchive archive, ImageArchive.Descriptor blob)
      throws IOException, RegistryException, DigestException {
    DescriptorDigest digest = DescriptorDigest.fromDigest(blob.digest());
    if (client.checkBlob(digest).isPresent()) {
      return;
    }
    try (InputStream content = archive.open(blob)) {
      client.pushBlob(digest, Blobs.from(content), null, sent -> {});
    }
  }
}

package dev.modelweir.image.oci;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import dev.modelweir.image.ImageException;
import java.util.List;
import java.util.Optional;

/** Registry credentials from where {@code docker login} and its credential helpers leave them. */
final class Credentials {
  private Credentials() {}

  static RegistryImage with(RegistryImage image, ImageReference name) {
    retrievers(name).forEach(image::addCredentialRetriever);
    return image;
  }

  static Optional<Credential> find(ImageReference name) throws ImageException {
    for (CredentialRetriever retriever : retrievers(name)) {
      try {
        Optional<Credential> credential = retriever.retrieve();
        if (credential.isPresent()) {
          return credential;
        }
      } catch (CredentialRetrievalException failure) {
        throw new ImageException(
            "cannot read the credentials of " + name.getRegistry() + ": " + failure);
      }
    }
    return Optional.empty();
  }

  private static List<CredentialRetriever> retrievers(ImageReference name) {
    var factory = CredentialRetrieverFactory.forImage(name, event -> {});
    return List.of(factory.dockerConfig(), factory.wellKnownCredentialHelpers());
  }
}

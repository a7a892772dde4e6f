package dev.modelweir.operator.progress.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modelweir.operator.apply.SecretStore;
import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedKeysTest {

  private static final String NAMESPACE = "modelweir-system";

  private final ApiServer api = new ApiServer();
  private final List<String> issued = new ArrayList<>();
  private Instant now = Instant.now();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void theFirstReplicaMakesThemAndTheOthersFindThem() throws IOException {
    Keys first = replica().current();
    assertThat(replica().current()).isEqualTo(first);
    assertThat(issued).containsExactly("new authority");
    assertThat(secret().get().getType()).isEqualTo("kubernetes.io/tls");
    assertThat(secret().get().getData()).containsOnlyKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
  }

  @Test
  void whatIsGoodIsNotWrittenAgain() throws IOException {
    SharedKeys replica = replica();
    replica.current();
    replica.current();
    assertThat(api.writesOfOperator()).hasSize(1);
  }

  @Test
  void inTimeTheSameAuthorityIssuesANewCertificate() throws IOException {
    SharedKeys replica = replica();
    Keys first = replica.current();
    now = now.plus(Duration.ofDays(61));
    // The issuer's certificates start today, so this one is just as old: it is asked once per look.
    Keys second = replica.current();
    assertThat(second.authority()).isEqualTo(first.authority());
    assertThat(second.certificate()).isNotEqualTo(first.certificate());
    assertThat(issued).containsExactly("new authority", "same authority");
  }

  @Test
  void aSecretThatWasDeletedComesBackAsItWas() throws IOException {
    SharedKeys replica = replica();
    Keys first = replica.current();
    secret().delete();
    assertThat(replica.current()).isEqualTo(first);
    assertThat(secret().get()).isNotNull();
    assertThat(issued).hasSize(1);
  }

  @Test
  void aSecretThatCannotBeReadIsReplaced() throws IOException {
    replica().current();
    secret()
        .edit(old -> new SecretBuilder(old).withData(Map.of("tls.crt", "bm90aGluZw==")).build());
    Keys next = replica().current();
    assertThat(Keys.ofData(secret().get().getData())).contains(next);
    assertThat(issued).containsExactly("new authority", "new authority");
  }

  @Test
  void whoComesSecondTakesWhatTheFirstHasWritten() throws IOException {
    Keys theirs = TestKeys.get();
    SharedKeys late =
        new SharedKeys(
            store(),
            TestKeys.HOST,
            () -> now,
            (authority, host) -> {
              api.user().resource(secretOf(theirs)).create(); // while we were busy making ours
              return issue(authority, host);
            });
    assertThat(late.current()).isEqualTo(theirs);
  }

  @Test
  void givesUpWhenSomebodyWritesAllTheTime() {
    api.refuse("/secrets", 409, "the object has been modified");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> replica().current())
        .withMessageContaining("modelweir-system/modelweir-progress");
  }

  @Test
  void saysWhenTheRightIsMissing() {
    api.refuse("/secrets", 403, "secrets is forbidden");
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> replica().current())
        .withMessageContaining("forbidden");
  }

  private SharedKeys replica() {
    return new SharedKeys(store(), TestKeys.HOST, () -> now, this::issue);
  }

  private SecretStore store() {
    return new SecretStore(api.operator(), NAMESPACE, SharedKeys.SECRET);
  }

  private Keys issue(Optional<Keys> authority, String host) throws IOException {
    issued.add(authority.isPresent() ? "same authority" : "new authority");
    return new Keytool().issue(authority, host);
  }

  private Resource<Secret> secret() {
    return api.user().secrets().inNamespace(NAMESPACE).withName(SharedKeys.SECRET);
  }

  private static Secret secretOf(Keys keys) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(SharedKeys.SECRET)
        .withNamespace(NAMESPACE)
        .endMetadata()
        .withData(keys.toData())
        .build();
  }
}

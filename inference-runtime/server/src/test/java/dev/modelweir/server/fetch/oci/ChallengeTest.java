package dev.modelweir.server.fetch.oci;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void saysWhereToGetAToken() {
    assertThat(
            Challenge.parse(
                    "Bearer realm=\"https://auth.example/token\",service=\"reg\",scope=\"repository:a/b:pull\"")
                .tokenAddress())
        .get()
        .hasToString("https://auth.example/token?service=reg&scope=repository%3Aa%2Fb%3Apull");
    assertThat(Challenge.parse("Bearer realm=\"https://a/t?x=1\"").tokenAddress())
        .get()
        .hasToString("https://a/t?x=1&");
  }

  @Test
  void orThatAPasswordIsWanted() {
    assertThat(Challenge.parse("Basic realm=\"registry\"").tokenAddress()).isEmpty();
    assertThat(Challenge.parse("Negotiate").tokenAddress()).isEmpty();
  }
}

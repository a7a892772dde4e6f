package dev.modelweir.operator.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorPageTest {

  /** Otherwise each try would be a new condition and a new event. */
  @Test
  void theIdOfARequestIsNoPartOfWhatIsSaid() {
    String page =
        """
        <html><head><title>502 Bad Gateway</title><style>.x { color: red; }</style></head>
        <body class="a1"><h1>Bad Gateway</h1>
        Request %s at %s<br>nginx/1.27.2</body></html>
        """;
    String first = ErrorPage.gist(page.formatted("5f0c9a17d2", "2026-11-29T15:20:31Z"));
    String second = ErrorPage.gist(page.formatted("a81e77c3b0", "2026-11-29T15:21:02Z"));
    assertThat(first).isEqualTo("502 Bad Gateway Bad Gateway Request … at … …").isEqualTo(second);
  }

  @Test
  void plainWordsStayAsTheyAre() {
    assertThat(ErrorPage.gist("no server behind, 3 tried\n"))
        .isEqualTo("no server behind, 3 tried");
    assertThat(ErrorPage.gist("")).isEmpty();
    assertThat(ErrorPage.gist("word ".repeat(2000))).hasSize(301);
  }
}

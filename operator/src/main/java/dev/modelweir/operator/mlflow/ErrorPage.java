package dev.modelweir.operator.mlflow;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a proxy in front of MLflow says when it does not pass a request on. */
final class ErrorPage {

  private static final int LONGEST_READ = 4096;
  private static final int LONGEST_GIST = 300;
  private static final Pattern MARKUP =
      Pattern.compile("(?is)<(style|script)[^<>]*>.*?</\\1>|<[^<>]*>");
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern SHORT_NUMBER = Pattern.compile("\\d{1,3}\\D?");
  private static final Pattern DIGIT = Pattern.compile("\\d");

  private ErrorPage() {}

  /**
   * The words of a page that are the same at every try. What holds digits, save short numbers such
   * as 502, is a time or the id of a request, by which the same failure would look new each time.
   */
  static String gist(String page) {
    String beginning = page.substring(0, Math.min(LONGEST_READ, page.length()));
    String gist =
        Arrays.stream(SPACE.split(MARKUP.matcher(beginning).replaceAll(" ").strip()))
            .map(word -> isSteady(word) ? word : "…")
            .collect(Collectors.joining(" "));
    return gist.length() <= LONGEST_GIST ? gist : gist.substring(0, LONGEST_GIST) + "…";
  }

  private static boolean isSteady(String word) {
    return !DIGIT.matcher(word).find() || SHORT_NUMBER.matcher(word).matches();
  }
}

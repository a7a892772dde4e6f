package dev.modelweir.trainer;

import java.util.List;
import java.util.stream.Collectors;

/** The little JSON that this program writes. */
public final class Json {
  private Json() {}

  public static String text(String value) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  public static String texts(List<String> values) {
    return values.stream().map(Json::text).collect(Collectors.joining(", ", "[", "]"));
  }
}

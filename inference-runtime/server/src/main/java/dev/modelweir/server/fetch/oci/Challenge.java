package dev.modelweir.server.fetch.oci;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a registry wants to be asked: the header {@code WWW-Authenticate} (RFC 9110, 11.6.1). */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  static Challenge parse(String header) {
    int end = header.indexOf(' ');
    String scheme = end < 0 ? header : header.substring(0, end);
    Map<String, String> parameters = new HashMap<>();
    Matcher matcher = PARAMETER.matcher(header);
    while (matcher.find()) {
      parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2));
    }
    return new Challenge(scheme.toLowerCase(Locale.ROOT), parameters);
  }

  /** Where to get a bearer token, when that is what is asked for. */
  Optional<URI> tokenAddress() {
    String realm = parameters.get("realm");
    if (!scheme.equals("bearer") || realm == null) {
      return Optional.empty();
    }
    String query =
        Stream.of("service", "scope")
            .filter(parameters::containsKey)
            .map(name ->
                name
                    + "="
                    + URLEncoder.encode(parameters.getOrDefault(name, ""), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return Optional.of(URI.create(realm + (realm.contains("?") ? "&" : "?") + query));
  }
}

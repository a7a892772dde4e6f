package dev.modelweir.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Command-line options of one command: {@code --name value} (repeatable), {@code --flag}, and plain
 * words.
 *
 * <p>A flag can also be set as a system property, because Maven hands {@code -Dimage.push} on to
 * the programs it runs in its own JVM and the poms then need not mention it.
 */
public final class Options {
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final List<String> words = new ArrayList<>();

  private Options() {}

  /**
   * Parses {@code arguments}.
   *
   * @param names options that take a value
   * @param flags options that take none
   */
  public static Options parse(List<String> arguments, Set<String> names, Set<String> flags)
      throws ImageException {
    var options = new Options();
    var rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      String name = argument.startsWith("--") ? argument.substring(2) : "";
      if (name.isEmpty()) {
        options.words.add(argument);
      } else if (flags.contains(name)) {
        options.values.put(name, List.of("true"));
      } else if (!names.contains(name)) {
        throw new ImageException("unknown option " + argument + ", see --help");
      } else if (!rest.hasNext()) {
        throw new ImageException("option " + argument + " needs a value, see --help");
      } else {
        options.values.computeIfAbsent(name, n -> new ArrayList<>()).add(rest.next());
      }
    }
    return options;
  }

  public List<String> words() {
    return List.copyOf(words);
  }

  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  /** The values of a repeatable {@code --name KEY=VALUE}. */
  public Map<String, String> pairs(String name) throws ImageException {
    var pairs = new LinkedHashMap<String, String>();
    for (String pair : all(name)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new ImageException("--%s takes NAME=VALUE, not %s".formatted(name, pair));
      }
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs;
  }

  public Optional<String> find(String name) {
    return all(name).stream().reduce((first, last) -> last).filter(value -> !value.isBlank());
  }

  public String get(String name) throws ImageException {
    return find(name)
        .orElseThrow(() -> new ImageException("option --" + name + " is missing, see --help"));
  }

  /** True when {@code --flag} was given, or {@code -Dproperty}, {@code -Dproperty=true}. */
  public boolean flag(String flag, String property) {
    String set = System.getProperty(property);
    return values.containsKey(flag) || (set != null && !set.equals("false"));
  }
}

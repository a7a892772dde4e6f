package dev.modelweir.e2e.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cluster of this checkout, {@code e2e/cluster}: everything is in reach, faults included. */
public final class EmbeddedCluster implements Cluster {
  private static final Pattern PROCESS = Pattern.compile("process (\\d+)");
  private static final Duration FIRST_BUILD = Duration.ofMinutes(30);

  private final Command command;
  private final boolean keep;

  private EmbeddedCluster(Command command, boolean keep) {
    this.command = command;
    this.keep = keep;
  }

  /** Starts it; one that is up already is used as it is and left up. */
  static EmbeddedCluster start() {
    Path program = Path.of(System.getProperty("e2e.cluster", "cluster/cluster")).toAbsolutePath();
    Command command = Command.of(program.toString());
    boolean wasUp = command.with("status").run().ok();
    Command up = wasUp ? command.with("up") : command.with("up", "--install", "--gpus", "4");
    Command.Result started = up.limit(FIRST_BUILD).run(line -> System.err.println(line));
    if (!started.ok()) {
      throw new IllegalStateException(
          "the cluster for the end-to-end tests did not start; name another by KUBECONFIG, or leave"
              + " the tests out with -De2e.skip. It says:\n"
              + started.err());
    }
    return new EmbeddedCluster(command, wasUp || Boolean.getBoolean("e2e.keep"));
  }

  @Override
  public Path kubeconfig() {
    return Path.of(tell("kubeconfig"));
  }

  @Override
  public Command kubectl() {
    return command.with("kubectl");
  }

  @Override
  public Command helm() {
    return command.with("helm");
  }

  @Override
  public Images provide(List<Path> archives) {
    command
        .with("load")
        .with(archives.stream().map(Path::toString).toArray(String[]::new))
        .output();
    return Images.AS_BUILT;
  }

  /** A registry without credentials, HOST:PORT, plain http, the same from here and from pods. */
  public String registry() {
    return tell("registry");
  }

  /** A registry that asks for credentials. */
  public record PrivateRegistry(String host, String user, String password) {

    /** Leaves in a folder what {@code docker login} would, and returns the folder. */
    public Path login(Path home) throws IOException {
      byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      String auth = Base64.getEncoder().encodeToString(credentials);
      Files.writeString(
          Files.createDirectories(home.resolve(".docker")).resolve("config.json"),
          "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(host, auth));
      return home;
    }
  }

  public PrivateRegistry privateRegistry() {
    String[] words = tell("registry", "--private").split(" ");
    return new PrivateRegistry(words[0], words[1], words[2]);
  }

  /** Folder of this machine that pods may mount with hostPath. */
  public Path hostPathFolder() {
    return Path.of(status("hostPath folder"));
  }

  /** The address of this machine as pods see it. */
  public String thisMachine() {
    return status("This machine").split(" ")[0];
  }

  public AuditLog auditLog() {
    return new AuditLog(Path.of(tell("audit")));
  }

  /**
   * Installs Kueue and waits until it is ready; the first time it is built, which takes minutes.
   */
  public void installKueue() {
    command.with("kueue").limit(FIRST_BUILD).output();
  }

  /** Removes Kueue with all its queues, which no workload may be in any more. */
  public void removeKueue() {
    command.with("kueue", "--remove").limit(FIRST_BUILD).output();
  }

  /**
   * Installs a driver of dynamic resource allocation with four simulated devices, of the
   * DeviceClass {@code gpu.example.com}; the first time it is built, which takes minutes.
   */
  public void installDeviceDriver() {
    command.with("dra").limit(FIRST_BUILD).output();
  }

  /** Removes that driver and its devices, which no pod may hold any more. */
  public void removeDeviceDriver() {
    command.with("dra", "--remove").limit(FIRST_BUILD).output();
  }

  public void stopComponent(String name) {
    tell("stop-component", name);
  }

  public void startComponent(String name) {
    tell("start-component", name);
  }

  /** Ends a component by SIGKILL; the cluster starts it again after a second. */
  public void kill(String component) {
    Processes.kill(component, process());
  }

  /**
   * Puts a small file system of its own over a folder, as the pods see it.
   *
   * @param size as {@code mount} takes it
   */
  public void limit(Path folder, String size) {
    Command.of("nsenter", "--target", Long.toString(process()), "--mount")
        .with("mount", "-t", "tmpfs", "-o", "mode=1777,size=" + size, "tmpfs", folder.toString())
        .output();
  }

  private long process() {
    Matcher process = PROCESS.matcher(status("Cluster"));
    if (!process.find()) {
      throw new IllegalStateException("`cluster status` names no process");
    }
    return Long.parseLong(process.group(1));
  }

  private String status(String line) {
    return tell("status")
        .lines()
        .filter(text -> text.startsWith(line))
        .map(text -> text.substring(line.length()).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("`cluster status` has no line " + line));
  }

  private String tell(String... words) {
    return command.with(words).output().strip();
  }

  @Override
  public boolean goesAway() {
    return !keep;
  }

  @Override
  public void close() {
    if (!keep) {
      tell("down");
    }
  }
}

package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The processes of the embedded cluster and of its pods, which are processes of this machine. */
public final class Processes {
  private Processes() {}

  /** Ends the program in a pod by SIGKILL: it can do nothing about it. */
  public static void kill(Pod pod) {
    List<ProcessHandle> programs = javaOf(pod);
    if (programs.isEmpty()) {
      throw new AssertionError("no program runs in pod " + pod.getMetadata().getName());
    }
    programs.forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * Ends a program of a cluster by SIGKILL.
   *
   * @param name of the program, as the kernel shows it
   * @param cluster any process that runs in the network of the cluster, as all of its own do
   */
  static void kill(String name, long cluster) {
    String network = network(cluster);
    List<ProcessHandle> programs =
        ProcessHandle.allProcesses()
            .filter(process -> proc(process, "comm").strip().equals(name))
            .filter(process -> network(process.pid()).equals(network))
            .toList();
    if (network.isEmpty() || programs.isEmpty()) {
      throw new AssertionError("the cluster runs no " + name);
    }
    programs.forEach(ProcessHandle::destroyForcibly);
  }

  private static String network(long process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process), "ns/net")).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  /** The Java programs of a pod; the pause container is none. */
  public static List<ProcessHandle> javaOf(Pod pod) {
    String group = "pod" + pod.getMetadata().getUid();
    return ProcessHandle.allProcesses()
        .filter(process -> proc(process, "comm").strip().equals("java"))
        .filter(process -> proc(process, "cgroup").contains(group))
        .toList();
  }

  /** The environment of the one Java program of a pod, as its container gave it. */
  public static Map<String, String> environment(Pod pod) {
    List<ProcessHandle> programs = javaOf(pod);
    if (programs.size() != 1) {
      throw new AssertionError(
          "%d programs run in pod %s".formatted(programs.size(), pod.getMetadata().getName()));
    }
    return Stream.of(proc(programs.getFirst(), "environ").split("\0"))
        .filter(pair -> pair.contains("="))
        .collect(
            Collectors.toMap(
                pair -> pair.substring(0, pair.indexOf('=')),
                pair -> pair.substring(pair.indexOf('=') + 1)));
  }

  private static String proc(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (IOException gone) {
      return "";
    }
  }
}

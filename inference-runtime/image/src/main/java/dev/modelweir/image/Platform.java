package dev.modelweir.image;

/**
 * The processor that images are built for: that of the machine that builds, because an AOT cache
 * can only be trained there.
 *
 * @param architecture the name that OCI images use
 * @param onnxRuntimeFolder the folder of ONNX Runtime's jar that holds its native libraries
 */
public record Platform(String architecture, String onnxRuntimeFolder) {
  public static Platform current() {
    String machine = System.getProperty("os.arch");
    return machine.equals("aarch64")
        ? new Platform("arm64", "linux-aarch64")
        : new Platform("amd64", "linux-x64");
  }
}

package dev.modelweir.operator.report;

/** An address as it may be told to everybody who may read a status. */
public final class Address {

  private Address() {}

  /** Without its query and fragment: those of a pre-signed address are as good as a password. */
  public static String shown(String uri) {
    return uri.replaceFirst("[?#].*", "");
  }
}

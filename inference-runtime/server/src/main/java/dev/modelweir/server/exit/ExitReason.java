package dev.modelweir.server.exit;

/** Why the process ended; names and codes are part of the contract with the operator. */
public enum ExitReason {
  /** There is nothing at the model's place. */
  ModelNotFound(64),
  /** The bytes are not those that were promised. */
  DigestMismatch(65),
  /** There is a file, but it cannot be served. */
  ModelLoadFailed(66),
  /** The source refused us, or nothing to identify us with was given. */
  CredentialsMissing(67),
  /** The volume cannot hold the model. */
  DiskFull(68),
  /** The source could not be read, after retries. */
  FetchFailed(69),
  /** A trained model, or what came with it, is not as it must be. */
  PublishFailed(70),
  /** A trained model could not be stored, after retries; another attempt may succeed. */
  StoreFailed(71),
  /** A trained model takes or gives other tensors than were declared, or than its sample has. */
  SignatureMismatch(72);

  private final int code;

  ExitReason(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}

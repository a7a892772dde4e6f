package dev.modelweir.trainer.group;

import java.io.IOException;
import java.io.Serial;

/** Another worker is gone, so this one cannot go on; the message says which. */
public final class PeerLostException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  PeerLostException(String message) {
    super(message);
  }
}

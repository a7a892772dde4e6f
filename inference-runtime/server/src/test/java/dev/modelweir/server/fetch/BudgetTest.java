package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.server.exit.ExitException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetTest {
  @TempDir Path folder;

  @Test
  void knowsAFullDisk() {
    assertThat(Budget.isDiskFull(new IOException("No space left on device"))).isTrue();
    assertThat(Budget.isDiskFull(new FileSystemException("f", null, "Disk quota exceeded")))
        .isTrue();
    assertThat(Budget.isDiskFull(new IOException("Permission denied"))).isFalse();
  }

  @Test
  void refusesUpFrontWhatTheVolumeCannotHold() {
    Budget budget = new Budget(folder, OptionalLong.empty());
    assertThatThrownBy(() -> budget.announce("the model", Long.MAX_VALUE))
        .isInstanceOf(ExitException.class)
        .hasMessageContainingAll("the volume at " + folder, "free; give it more space");
  }
}

package dev.modelweir.trainer;

import dev.modelweir.trainer.checkpoint.State;
import dev.modelweir.trainer.data.DataSource;
import dev.modelweir.trainer.data.Scaling;
import dev.modelweir.trainer.data.Split;
import dev.modelweir.trainer.data.Table;
import dev.modelweir.trainer.group.Alone;
import dev.modelweir.trainer.model.Classifier;
import dev.modelweir.trainer.model.Layers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A training in this process, from its first step to its last. */
record Trained(Settings settings, Split split, Classifier classifier, List<State> states) {
  static Trained with(String... arguments) throws TrainingException, IOException {
    Settings settings = new CommandLine(List.of(arguments), Map.of()).settings();
    Table table = DataSource.read(settings.data(), settings.label());
    return of(settings, Split.of(table, settings.testShare(), settings.seed()), null);
  }

  /**
   * @param start where to go on from; null for the beginning
   */
  static Trained of(Settings settings, Split split, State start)
      throws TrainingException, IOException {
    List<Integer> sizes = new ArrayList<>(List.of(split.train().columns().size()));
    sizes.addAll(settings.hidden());
    sizes.add(split.train().classes().size());
    Layers layers = new Layers(sizes);
    Scaling scaling = Scaling.of(split.train());
    State first =
        start == null
            ? new State("test", 0, layers.initial(settings.seed()), new double[layers.parameters()])
            : start;
    Training training = new Training(settings, split.train(), scaling, layers, new Alone(), first);
    List<State> states = new ArrayList<>();
    while (!training.finished()) {
      training.next(false);
      states.add(training.state());
    }
    return new Trained(
        settings, split, Classifier.of(layers, scaling, training.state().parameters()), states);
  }
}

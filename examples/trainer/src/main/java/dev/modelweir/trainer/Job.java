package dev.modelweir.trainer;

import dev.modelweir.trainer.progress.HttpReporter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where this worker runs, as the operator tells it by the environment.
 *
 * @param name of the TrainingJob, empty outside of one
 * @param uid of the TrainingJob, empty outside of one
 * @param attempt how often the job was begun before
 * @param rank this worker's number, from 0
 * @param output folder for the model
 * @param checkpoints folder for checkpoints, if there are to be any
 * @param checkpointInterval between two checkpoints
 * @param resume whether to go on from a checkpoint
 * @param rendezvous how long to wait for the other workers to appear
 * @param silence after which another worker that says nothing counts as gone
 * @param linger how long to wait to be ended, once another worker is gone
 * @param progress where to report to, if anywhere
 * @param terminationLog file for the reason of a failure
 */
record Job(
    String name,
    String uid,
    int attempt,
    int rank,
    int worldSize,
    String masterHost,
    int masterPort,
    Path output,
    @Nullable Path checkpoints,
    Duration checkpointInterval,
    boolean resume,
    Duration rendezvous,
    Duration silence,
    Duration linger,
    HttpReporter.@Nullable Endpoint progress,
    Path terminationLog) {}

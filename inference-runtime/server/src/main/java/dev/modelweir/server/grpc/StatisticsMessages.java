package dev.modelweir.server.grpc;

import dev.modelweir.protocol.grpc.message.InferBatchStatistics;
import dev.modelweir.protocol.grpc.message.InferStatistics;
import dev.modelweir.protocol.grpc.message.MemoryUsage;
import dev.modelweir.protocol.grpc.message.ModelStatistics;
import dev.modelweir.protocol.grpc.message.StatisticDuration;
import dev.modelweir.server.metrics.ModelStatistics.Total;
import dev.modelweir.server.repository.ServedVersion;

/** The counts and times of one version, as Triton's statistics extension says them. */
final class StatisticsMessages {
  private static final StatisticDuration NONE = StatisticDuration.getDefaultInstance();

  private StatisticsMessages() {}

  static ModelStatistics of(ServedVersion served) {
    dev.modelweir.server.metrics.ModelStatistics of = served.statistics();
    ModelStatistics.Builder message =
        ModelStatistics.newBuilder()
            .setName(served.name())
            .setVersion(served.version())
            .setLastInference(of.lastInference())
            .setInferenceCount(of.inferences())
            .setExecutionCount(of.executions())
            .setInferenceStats(
                InferStatistics.newBuilder()
                    .setSuccess(duration(of.success()))
                    .setFail(duration(of.failure()))
                    .setQueue(duration(of.queue()))
                    .setComputeInput(duration(of.computeInput()))
                    .setComputeInfer(duration(of.computeInfer()))
                    .setComputeOutput(duration(of.computeOutput()))
                    .setCacheHit(NONE)
                    .setCacheMiss(NONE))
            .addMemoryUsage(MemoryUsage.newBuilder().setType("CPU").setByteSize(served.bytes()));
    of.batches()
        .forEach((size, batch) ->
            message.addBatchStats(
                InferBatchStatistics.newBuilder()
                    .setBatchSize(size)
                    .setComputeInput(duration(batch.runs().sum(), batch.inputNanos().sum()))
                    .setComputeInfer(duration(batch.runs().sum(), batch.inferNanos().sum()))
                    .setComputeOutput(duration(batch.runs().sum(), 0))));
    return message.build();
  }

  private static StatisticDuration duration(Total total) {
    return duration(total.count(), total.nanos());
  }

  private static StatisticDuration duration(long count, long nanos) {
    return StatisticDuration.newBuilder().setCount(count).setNs(nanos).build();
  }
}

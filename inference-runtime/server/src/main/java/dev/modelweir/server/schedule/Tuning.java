package dev.modelweir.server.schedule;

/**
 * How one model runs best here, as measured.
 *
 * @param maxRows rows beyond which a larger batch computes no more rows per second; 1 for a model
 *     whose requests cannot be put together
 * @param instances runs at the same time
 * @param intraOpThreads threads of one run
 * @param profile expected times
 * @param rowsPerSecond computed by all instances together at {@code maxRows}
 */
public record Tuning(
    int maxRows, int instances, int intraOpThreads, Profile profile, double rowsPerSecond) {}

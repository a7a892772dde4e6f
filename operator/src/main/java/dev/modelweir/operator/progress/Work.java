package dev.modelweir.operator.progress;

/**
 * An attempt of a TrainingJob.
 *
 * @param uid of the TrainingJob, so that a namesake is another job
 * @param attempt counted from 0
 */
record Work(String namespace, String job, String uid, int attempt) {}

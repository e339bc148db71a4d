package org.channelgateway.stats;

/**
 * What a server of connections has at a moment.
 *
 * @param queuedJobs that wait for a thread
 */
public record ServerLoad(int busyThreads, int idleThreads, int maxThreads, int queuedJobs, int connections) {}

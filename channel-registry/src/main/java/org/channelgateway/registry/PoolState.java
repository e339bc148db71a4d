package org.channelgateway.registry;

/**
 * The connections of a registry to its database, at one moment.
 *
 * @param active lent to a thread
 * @param idle open and lent to nobody
 * @param waiting threads that wait for one
 * @param most as many as may be open
 */
public record PoolState(int active, int idle, int waiting, int most) {}

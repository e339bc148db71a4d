package org.channelgateway.channel;

/**
 * The receipt of a publish.
 *
 * @param id the id that the stanza carries to the subscribers
 * @param receivers how many sessions it was handed to
 */
public record Published(String id, int receivers) {}

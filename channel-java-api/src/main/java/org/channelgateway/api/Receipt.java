package org.channelgateway.api;

/**
 * What a publish came to: the message was handed to every session that listened to the key. Immutable.
 *
 * @param id the id of the message, as the subscribers see it; not the id that a publish may be repeated with
 * @param receivers how many sessions got it; 0 when nobody listens, which is no error
 */
public record Receipt(String id, int receivers) {}

package org.channelgateway.limit;

/**
 * What one stanza or one BOSH body of a client may cost.
 *
 * @param maxDepth deepest nesting
 * @param maxAttributes most attributes of one element
 * @param maxElements most elements
 * @param loginBytes longest before the login
 * @param subscriberBytes longest of a subscriber over TCP
 */
public record StanzaLimits(int maxDepth, int maxAttributes, int maxElements, int loginBytes, int subscriberBytes) {
    public static final StanzaLimits DEFAULT = new StanzaLimits(32, 64, 1000, 16 * 1024, 64 * 1024);
}

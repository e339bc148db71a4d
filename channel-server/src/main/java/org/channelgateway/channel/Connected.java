package org.channelgateway.channel;

import java.time.Instant;

/**
 * All that a browser needs to go on.
 *
 * @param channelId the opaque id that messages of this channel carry
 * @param expires when the lease ends and the session with it
 */
public record Connected(XmppBackend.Attached attached, String channelId, Instant expires) {}

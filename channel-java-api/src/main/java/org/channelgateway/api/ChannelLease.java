package org.channelgateway.api;

import java.time.Instant;

/**
 * What {@code create} made: the right to receive the messages of one key, until it expires or is revoked. Immutable.
 *
 * @param token the secret that a page opens the channel with: at most 128 characters of {@code [A-Za-z0-9_-]}
 * @param jid the XMPP address that any XMPP client may log in with, with the token as its password
 * @param expires when the token stops being valid and its sessions end
 */
public record ChannelLease(String token, String jid, Instant expires) {
    /** Without the token. */
    @Override
    public String toString() {
        return "ChannelLease[token=…, jid=" + jid + ", expires=" + expires + "]";
    }
}

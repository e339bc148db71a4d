package org.channelgateway.registry;

import java.nio.charset.StandardCharsets;

/**
 * A session that a channel's account has at an outside XMPP server.
 *
 * @param account the localpart of the account
 * @param resource as the server has bound it
 */
public record SessionName(String account, String resource) {
    /** The stay of this session: each process gives it the same name. */
    public PresenceId presence() {
        return PresenceId.of((account + "/" + resource).getBytes(StandardCharsets.UTF_8));
    }
}

package org.channelgateway.registry;

/**
 * A session that a channel's account has at an outside XMPP server.
 *
 * @param account the localpart of the account
 * @param resource as the server has bound it
 */
public record SessionName(String account, String resource) {}

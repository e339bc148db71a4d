package org.channelgateway.server;

/**
 * How many clients a gateway keeps in its memory.
 *
 * @param boshSessions with or without a login
 * @param tcpConnections with or without a login
 * @param unbound those of both that have not bound yet
 * @param subscribers those of both that listen to a channel
 * @param resources entries of the XMPP server's own registry
 */
public record Census(int boshSessions, int tcpConnections, int unbound, int subscribers, int resources) {
    /** Of a gateway that nobody is connected to. */
    public static final Census NOBODY = new Census(0, 0, 0, 0, 0);
}

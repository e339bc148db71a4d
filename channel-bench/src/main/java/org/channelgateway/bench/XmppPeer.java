package org.channelgateway.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/** A server that is spoken to over XMPP, and what is its own there. */
interface XmppPeer {
    URI server();

    String domain();

    /** Who publishes and creates. */
    Account sender();

    /**
     * So many who can log in, each of a key of its own or all of the key that is published to.
     *
     * @throws IOException if they have to be made first and cannot be
     */
    List<Account> accounts(int count, boolean oneKey) throws IOException;

    /** What makes one account more: an IQ whose id is the number. */
    String create(long number);

    /** What sends the text to all who are logged in. If it is answered it is an IQ whose id is the number. */
    String publish(long number, String text, int subscribers);

    boolean answersPublish();

    default XmppStream login(Socket socket, Account account) throws IOException {
        XmppStream stream = new XmppStream(socket, server(), domain());
        stream.login(account);
        return stream;
    }
}

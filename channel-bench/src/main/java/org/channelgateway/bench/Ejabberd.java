package org.channelgateway.bench;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;

/**
 * ejabberd with the accounts u0, u1, … and an administrator, all of one password; mod_announce, mod_ping, mod_adhoc and
 * mod_configure.
 *
 * @param prefix of the accounts that are made
 */
record Ejabberd(URI server, String domain, Account sender, String prefix) implements XmppPeer {
    private static final String ADMIN = "http://jabber.org/protocol/admin";

    @Override
    public List<Account> accounts(int count, boolean oneKey) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Account("u" + i, sender.password()))
                .toList();
    }

    /** XEP-0133, "Add User": the form filled at once. */
    @Override
    public String create(long number) {
        return "<iq type='set' id='" + number + "' to='" + domain
                + "'><command xmlns='http://jabber.org/protocol/commands' node='" + ADMIN
                + "#add-user' action='complete'><x xmlns='jabber:x:data' type='submit'>" + field("FORM_TYPE", ADMIN)
                + field("accountjid", prefix + number + "@" + domain)
                + field("password", RegisterAccounts.PASSWORD)
                + field("password-verify", RegisterAccounts.PASSWORD) + "</x></command></iq>";
    }

    private static String field(String name, String value) {
        return "<field var='" + name + "'><value>" + value + "</value></field>";
    }

    /** To one it is a message to that account, to more an announcement to all that are online. */
    @Override
    public String publish(long number, String text, int subscribers) {
        String to = subscribers == 1 ? "u0@" + domain : domain + "/announce/online";
        return "<message type='headline' to='" + to + "'><body>" + text + "</body></message>";
    }

    @Override
    public boolean answersPublish() {
        return false;
    }
}

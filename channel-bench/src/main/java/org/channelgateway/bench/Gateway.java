package org.channelgateway.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** @param prefix of the keys that are made */
record Gateway(URI server, String domain, Account sender, String prefix) implements XmppPeer {
    private static final String NAMESPACE = "urn:channelgateway:1";

    @Override
    public List<Account> accounts(int count, boolean oneKey) throws IOException {
        List<Account> accounts = new ArrayList<>();
        try (XmppStream stream = login(new Socket(), sender)) {
            for (int i = 0; i < count; i++) {
                stream.send(create(i, oneKey ? prefix : prefix + "session-" + i));
                String answer = stream.receive();
                String jid = XmppStream.attribute(answer, "jid");
                if (jid.isEmpty()) {
                    throw new IOException("create: " + answer + " (expected: a channel)");
                }
                accounts.add(new Account(jid.substring(0, jid.indexOf('@')), XmppStream.attribute(answer, "token")));
            }
        }
        return accounts;
    }

    @Override
    public String create(long number) {
        return create(number, prefix + number);
    }

    private String create(long id, String key) {
        return "<iq type='set' id='" + id + "' to='channel." + domain + "'><create xmlns='" + NAMESPACE + "' key='"
                + key + "' duration='120'/></iq>";
    }

    @Override
    public String publish(long number, String text, int subscribers) {
        return "<iq type='set' id='" + number + "' to='channel." + domain + "'><publish xmlns='" + NAMESPACE + "' key='"
                + prefix + "'>" + text + "</publish></iq>";
    }

    @Override
    public boolean answersPublish() {
        return true;
    }
}

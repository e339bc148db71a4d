package org.channelgateway.interop;

import java.util.ArrayList;
import java.util.List;
import org.igniterealtime.smack.inttest.AbstractSmackLowLevelIntegrationTest.UnconnectedConnectionSource;
import org.jivesoftware.smack.AbstractXMPPConnection;

/** Sessions of one account, in the order of their logins. */
final class Sessions implements AutoCloseable {
    private final List<AbstractXMPPConnection> all = new ArrayList<>();

    private Sessions() {}

    static Sessions ofOneAccount(UnconnectedConnectionSource source, int number) throws Exception {
        Sessions sessions = new Sessions();
        for (int i = 0; i < number; i++) {
            AbstractXMPPConnection connection = source.getUnconnectedConnection();
            sessions.all.add(connection);
            connection.connect();
            // each connection has a name of its own: the first one's is that of all
            connection.login(
                    sessions.get(0).getConfiguration().getUsername(),
                    sessions.get(0).getConfiguration().getPassword());
        }
        return sessions;
    }

    AbstractXMPPConnection get(int index) {
        return all.get(index);
    }

    List<AbstractXMPPConnection> all() {
        return all;
    }

    @Override
    public void close() {
        all.forEach(AbstractXMPPConnection::disconnect);
    }
}

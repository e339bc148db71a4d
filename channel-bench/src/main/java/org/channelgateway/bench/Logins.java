package org.channelgateway.bench;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Logs many in. */
final class Logins {
    private static final int AT_ONCE = 16;

    private Logins() {}

    /** Logs in all of them and makes them available. */
    static List<XmppStream> of(XmppPeer peer, List<Account> accounts) throws IOException, InterruptedException {
        List<Callable<XmppStream>> work = new ArrayList<>();
        for (Account account : accounts) {
            work.add(() -> login(peer, account));
        }
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<XmppStream> streams = new ArrayList<>();
            for (Future<XmppStream> stream : threads.invokeAll(work)) {
                streams.add(stream.get());
            }
            return streams;
        } catch (ExecutionException e) {
            throw new IOException("a login failed: " + e.getMessage(), e); // the message is its cause as text
        } finally {
            threads.shutdown();
        }
    }

    @SuppressWarnings("resource") // the caller closes the stream
    private static XmppStream login(XmppPeer peer, Account account) throws IOException {
        XmppStream stream = peer.login(SocketChannel.open().socket(), account);
        stream.available();
        return stream;
    }
}

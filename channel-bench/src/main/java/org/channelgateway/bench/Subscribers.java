package org.channelgateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Sessions that listen, all on one thread. A message is known by its number between two tildes. */
final class Subscribers {
    static final char MARK = '~';
    private static final int BUFFER_BYTES = 65_536;

    private final Selector selector;
    private final Deliveries deliveries;

    private Subscribers(Selector selector, Deliveries deliveries) {
        this.selector = selector;
        this.deliveries = deliveries;
    }

    /** Listens until the end of the program. */
    static void listen(List<XmppStream> streams, Deliveries deliveries) throws IOException {
        Selector selector = Selector.open();
        for (XmppStream stream : streams) {
            SocketChannel channel = stream.socket().getChannel();
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Numbers());
        }
        Thread thread = new Thread(new Subscribers(selector, deliveries)::run, "subscribers");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            while (true) {
                selector.select(key -> read(key, buffer));
            }
        } catch (IOException | UncheckedIOException | ClosedSelectorException e) {
            deliveries.fail(e);
        }
    }

    private void read(SelectionKey key, ByteBuffer buffer) {
        try {
            buffer.clear();
            if (((SocketChannel) key.channel()).read(buffer) < 0) {
                throw new IOException("a session was ended by the server");
            }
            ((Numbers) key.attachment()).read(buffer.flip(), deliveries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Finds the numbers in what a session receives. */
    private static final class Numbers {
        private static final long OUTSIDE = -1;

        private long number = OUTSIDE;

        void read(ByteBuffer bytes, Deliveries deliveries) {
            while (bytes.hasRemaining()) {
                byte next = bytes.get();
                if (next == MARK) {
                    if (number != OUTSIDE) {
                        deliveries.received(number);
                    }
                    number = number == OUTSIDE ? 0 : OUTSIDE;
                } else if (number != OUTSIDE) {
                    number = number * 10 + next - '0';
                }
            }
        }
    }
}

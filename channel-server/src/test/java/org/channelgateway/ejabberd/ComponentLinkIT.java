package org.channelgateway.ejabberd;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.channelgateway.cluster.EjabberdProcess;
import org.junit.jupiter.api.Test;

/** The component stream to servers that hang. */
final class ComponentLinkIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Takes one connection and says nothing; done when the other side has closed it. */
    private static CompletableFuture<Void> deaf(ServerSocket listener, CompletableFuture<Void> asked) {
        return CompletableFuture.runAsync(() -> {
            try (Socket taken = listener.accept()) {
                asked.complete(null);
                byte[] unused = taken.getInputStream().readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static ComponentLink link(List<InetSocketAddress> servers, EjabberdProcess ejabberd) {
        return new ComponentLink(
                servers,
                "channel." + ejabberd.domain(),
                ejabberd.componentSecret(),
                new Outbox(1 << 20),
                stanza -> {},
                () -> {},
                System::nanoTime);
    }

    /** The kernel takes the connections of a server that hangs, so each of the two is left only by the time that a step may take. */
    @Test
    void leavesAServerThatTakesConnectionsAndNeverAnswers() throws Exception {
        try (EjabberdProcess ejabberd = new EjabberdProcess();
                ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            CompletableFuture<Void> left = deaf(listener, asked);
            ejabberd.hang();
            InetSocketAddress deaf = new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
            try (ComponentLink link = link(List.of(ejabberd.component(), deaf), ejabberd)) {
                link.start();
                asked.join();
                ejabberd.goOn();
                left.join();
                await().atMost(PATIENCE).until(link::isAttached);
            }
        }
    }
}

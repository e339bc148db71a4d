package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

final class SocketsIT {
    private final Sockets sockets = new Sockets();

    @Test
    void closeWithoutDeliveringWhatWaits() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = sockets.createSocket()) {
            socket.connect(listener.getLocalSocketAddress());
            try (Socket accepted = listener.accept()) {
                socket.getOutputStream().write('x');
                InputStream in = accepted.getInputStream();
                assertThat(in.read()).isEqualTo('x');

                sockets.close();

                assertThatExceptionOfType(SocketException.class)
                        .isThrownBy(in::read)
                        .withMessage("Connection reset");
            }
        }
    }

    @Test
    void makeNoneAfterTheEnd() {
        sockets.close();

        assertThatIOException().isThrownBy(sockets::createSocket).withMessage("the line was given up");
    }
}

package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host with several addresses, not all of which answer. */
final class AddressesIT {
    private final FakeGateway gateway = new FakeGateway(FakeGateway.Asked::publish);
    private final ChannelConfig config =
            gateway.config().connectTimeout(Duration.ofSeconds(8)).build();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(gateway));
    private final InetAddress well = address("127.0.0.1");

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closing : open) {
            closing.close();
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** One that takes connections and says nothing on them. */
    private InetAddress mute() throws IOException {
        InetAddress address = address("127.0.0.2");
        open.add(new ServerSocket(gateway.port(), 50, address));
        return address;
    }

    /** One that does not even answer who connects: its queue is full. */
    private InetAddress silent() throws IOException {
        InetAddress address = address("127.0.0.3");
        open.add(new ServerSocket(gateway.port(), 1, address));
        while (true) {
            Socket waiting = new Socket();
            open.add(waiting);
            try {
                waiting.connect(new InetSocketAddress(address, gateway.port()), 300);
            } catch (SocketTimeoutException e) {
                return address;
            }
        }
    }

    private static Addresses of(InetAddress... addresses) {
        return new Addresses("gateway.example", host -> addresses);
    }

    private Line open(Addresses addresses) throws InterruptedException {
        Line line = new Line(config, addresses, System::nanoTime, new Line.Listener() {
            @Override
            public void answered(String iqId, Answer answer) {}

            @Override
            public void lost(Line lost, Throwable why) {}
        });
        open.add(line::giveUp);
        line.open();
        return line;
    }

    @Test
    void areTriedInTurnWhenSomeDoNotAnswer() throws Exception {
        InetAddress refusing = address("127.0.0.4");

        assertThat(open(of(refusing, silent(), mute(), well)).isLost()).isFalse();

        assertThat(gateway.logins()).isEqualTo(1);
    }

    @Test
    void beginWithTheOneThatAnsweredLast() throws Exception {
        InetAddress mute = mute();
        Addresses addresses = of(mute, well);
        assertThat(addresses.inOrder()).containsExactly(mute, well);

        open(addresses);

        assertThat(addresses.inOrder()).containsExactly(well, mute);
        gateway.close();
        assertThatExceptionOfType(UnreachableException.class)
                .isThrownBy(() -> open(of(well)))
                .withMessageEndingWith("Connection refused");
    }

    @Test
    void areNotForgottenWhenTheTimeIsTooShortForAllOfThem() throws Exception {
        ChannelConfig hasty =
                gateway.config().connectTimeout(Duration.ofMillis(500)).build();
        Addresses addresses = of(mute(), well);
        Line.Listener nobody = new Line.Listener() {
            @Override
            public void answered(String iqId, Answer answer) {}

            @Override
            public void lost(Line lost, Throwable why) {}
        };
        Connector connector =
                new Connector(hasty, System::nanoTime, () -> new Line(hasty, addresses, System::nanoTime, nobody));

        assertThatExceptionOfType(UnreachableException.class).isThrownBy(connector::connect);
        Line line = await().ignoreExceptionsInstanceOf(UnreachableException.class)
                .until(connector::connect, connected -> true);
        open.add(line::giveUp);

        assertThat(gateway.logins()).isPositive();
    }
}

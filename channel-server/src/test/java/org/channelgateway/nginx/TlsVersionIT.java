package org.channelgateway.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which versions of TLS nginx speaks: asked byte by byte, for no library of today offers the old ones. */
final class TlsVersionIT {
    private static final int TLS_1_1 = 0x0302;
    private static final int TLS_1_2 = 0x0303;
    private static final int HANDSHAKE = 22;
    private static final int ALERT = 21;
    private static final int PROTOCOL_VERSION = 70;
    private static final int PATIENCE_MILLIS = 20_000;

    private static NginxProcess nginx;

    @BeforeAll
    static void start() {
        nginx = new NginxProcess("embedded", Map.of(), URI.create("http://127.0.0.1:1"));
    }

    @AfterAll
    static void stop() {
        nginx.close();
    }

    /** RFC 5246 §7.4.1.2, RFC 4346 §7.4.1.2: suites of both versions, the curves and the signatures of today. */
    private static byte[] hello(int version) throws IOException {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(hello);
        out.writeShort(version);
        out.write(new byte[32]); // random
        out.writeByte(0); // no session
        shorts(out, 0xc02b, 0xc02f, 0xc009, 0xc013, 0x002f);
        out.writeShort(0x0100); // one compression: none
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        extension(new DataOutputStream(extensions), 10, 0x001d, 0x0017); // supported groups
        extension(new DataOutputStream(extensions), 13, 0x0403, 0x0804, 0x0401); // signature algorithms
        out.writeShort(extensions.size());
        extensions.writeTo(out);

        ByteArrayOutputStream written = new ByteArrayOutputStream();
        DataOutputStream all = new DataOutputStream(written);
        all.writeByte(HANDSHAKE);
        all.writeShort(0x0301);
        all.writeShort(hello.size() + 4);
        all.writeInt(1 << 24 | hello.size()); // client_hello
        hello.writeTo(all);
        return written.toByteArray();
    }

    private static void extension(DataOutputStream out, int type, int... values) throws IOException {
        out.writeShort(type);
        out.writeShort(2 * values.length + 2);
        shorts(out, values);
    }

    private static void shorts(DataOutputStream out, int... values) throws IOException {
        out.writeShort(2 * values.length);
        for (int value : values) {
            out.writeShort(value);
        }
    }

    /** The first record of nginx: its type, and its content. */
    private record First(int type, byte[] content) {}

    private static First first(int version) throws IOException {
        try (Socket socket = new Socket(nginx.uri().getHost(), nginx.uri().getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(hello(version));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int type = in.readUnsignedByte();
            in.readUnsignedShort();
            return new First(type, in.readNBytes(in.readUnsignedShort()));
        }
    }

    @Test
    void are12AndNot11() throws IOException {
        assertThat(first(TLS_1_2).type()).isEqualTo(HANDSHAKE);

        First refused = first(TLS_1_1);

        assertThat(refused.type()).isEqualTo(ALERT);
        assertThat(refused.content()).containsExactly(2, PROTOCOL_VERSION);
    }
}

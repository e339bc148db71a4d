package org.channelgateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;

/** What goes over a stream, as bytes: nothing of it is read that was not asked for. */
final class RawStream {
    private RawStream() {}

    /** What comes up to {@code end}, and not beyond it. */
    static String ask(Socket socket, String xml, String end) throws IOException {
        socket.getOutputStream().write(xml.getBytes(UTF_8));
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed after " + heard);
            }
            heard.append((char) next);
        }
        return heard.toString();
    }
}

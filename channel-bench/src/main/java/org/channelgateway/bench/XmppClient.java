package org.channelgateway.bench;

import java.io.IOException;
import java.util.function.LongFunction;

/**
 * A client whose operation is an IQ.
 *
 * @param request whose id is the number
 */
record XmppClient(XmppStream stream, LongFunction<String> request) implements Load.Client {
    @Override
    public void send(long number) throws IOException {
        stream.send(request.apply(number));
    }

    @Override
    public long receive() throws IOException {
        String stanza = stream.receive();
        while (!stanza.startsWith("<iq")) {
            stanza = stream.receive();
        }
        if (!XmppStream.attribute(stanza, "type").equals("result")) {
            throw new IOException("answer: " + stanza + " (expected: a result)");
        }
        return Long.parseLong(XmppStream.attribute(stanza, "id"));
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}

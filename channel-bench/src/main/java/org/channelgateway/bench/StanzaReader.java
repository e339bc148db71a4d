package org.channelgateway.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Cuts what a server sends into its stanzas; no more of a parser than that. Confined to one thread. */
final class StanzaReader {
    private static final int BUFFER_BYTES = 16_384;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;

    StanzaReader(InputStream in) {
        this.in = in;
    }

    /** The next stanza, of ASCII; the head of the stream is passed over. */
    String next() throws IOException {
        StringBuilder stanza = new StringBuilder();
        int depth = 0;
        while (true) {
            int start = stanza.length();
            tag(stanza);
            if (stanza.indexOf("<?", start) == start || stanza.indexOf("<stream:stream", start) == start) {
                stanza.setLength(0);
                continue;
            }
            depth += step(stanza, stanza.indexOf("<", start));
            if (depth == 0) {
                return stanza.toString();
            }
        }
    }

    private static int step(StringBuilder stanza, int tag) throws EOFException {
        if (stanza.charAt(tag + 1) == '/') {
            if (tag == 0) {
                throw new EOFException("stream: ended by the server (expected: a stanza)");
            }
            return -1;
        }
        return stanza.charAt(stanza.length() - 2) == '/' ? 0 : 1;
    }

    /** Appends what comes up to the end of the next tag; text between stanzas is left out. */
    private void tag(StringBuilder stanza) throws IOException {
        char c = read();
        for (; c != '<'; c = read()) {
            if (!stanza.isEmpty()) {
                stanza.append(c);
            }
        }
        char quote = 0;
        for (; c != '>' || quote != 0; c = read()) {
            stanza.append(c);
            if (quote == c) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            }
        }
        stanza.append(c);
    }

    private char read() throws IOException {
        if (position == limit) {
            limit = in.read(buffer);
            position = 0;
            if (limit < 0) {
                limit = 0;
                throw new EOFException("stream: ended (expected: a stanza)");
            }
        }
        return (char) (buffer[position++] & 0xff);
    }
}

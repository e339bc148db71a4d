package org.channelgateway.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import org.channelgateway.limit.Networks;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that are believed when they say for whom they ask, in {@code X-Forwarded-For}. What anybody else says there is not
 * looked at. Immutable.
 */
public record TrustedProxies(List<Network> networks) {
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    /** How many proxies may be behind each other; what is said beyond them is not looked at. */
    private static final int MOST = 16;

    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    /**
     * The addresses whose first {@code prefix} bits are those of {@code address}.
     */
    public record Network(InetAddress address, int prefix) {
        boolean has(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] its = other.getAddress();
            if (mine.length != its.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                int mask = 0x80 >> bit % Byte.SIZE;
                if (((mine[bit / Byte.SIZE] ^ its[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * @param texts addresses, and networks as in {@code 10.0.0.0/8}
     * @throws IllegalArgumentException for what is neither
     */
    public static TrustedProxies of(Collection<String> texts) {
        return new TrustedProxies(texts.stream().map(TrustedProxies::network).toList());
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        InetAddress address = Networks.literal(slash < 0 ? text : text.substring(0, slash));
        if (address != null) {
            int bits = address.getAddress().length * Byte.SIZE;
            String prefix = slash < 0 ? String.valueOf(bits) : text.substring(slash + 1);
            if (prefix.matches("[0-9]{1,3}") && Integer.parseInt(prefix) <= bits) {
                return new Network(address, Integer.parseInt(prefix));
            }
        }
        throw new IllegalArgumentException(text + " (expected: an IP address, or a network as in 10.0.0.0/8)");
    }

    boolean trusts(InetAddress address) {
        for (Network network : networks) {
            if (network.has(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The address that a request came from: that of the connection; or, when a proxy has it that is trusted, the last address of
     * {@code X-Forwarded-For} that is not one of a trusted proxy. Each proxy adds at the end whom it was asked by, so whatever
     * stands before that was said by a stranger.
     */
    String client(Request request) {
        if (networks.isEmpty()
                || !(request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote)
                || !trusts(remote.getAddress())) {
            return Request.getRemoteAddr(request);
        }
        return client(remote.getAddress(), said(request.getHeaders())).getHostAddress();
    }

    /** All of these headers as one; an address is in no quotes, so that they are not looked for. */
    private static String said(HttpFields headers) {
        @Nullable String said = null;
        for (HttpField header : headers) {
            if (header.getHeader() == HttpHeader.X_FORWARDED_FOR && header.getValue() != null) {
                said = said == null ? header.getValue() : said + ',' + header.getValue();
            }
        }
        return said == null ? "" : said;
    }

    private InetAddress client(InetAddress connected, String said) {
        InetAddress client = connected;
        int end = said.length();
        for (int proxies = 0; proxies < MOST && end >= 0 && trusts(client); proxies++) {
            int comma = said.lastIndexOf(',', end - 1);
            InetAddress before = address(said.substring(comma + 1, end).strip());
            if (before == null) {
                return client; // nothing, or nothing that can be counted
            }
            client = before;
            end = comma;
        }
        return client;
    }

    /** Some add the port. */
    private static @Nullable InetAddress address(String entry) {
        int colon = entry.lastIndexOf(':');
        boolean hasPort = colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
        return Networks.literal(hasPort ? entry.substring(0, colon) : entry);
    }
}

package org.channelgateway.limit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What counts as one address. Who has one IPv6 address has 2^64 of them: their network is what counts. Immutable.
 */
public final class Networks {
    private static final Pattern LITERAL = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");
    private static final Pattern BRACKETS_AND_SCOPE = Pattern.compile("[\\[\\]]|%.*");
    private static final int IPV6_BYTES = 16;
    private static final int IPV6_PREFIX_BYTES = 8;

    /** Those of this machine are exempt: a proxy on it brings the clients of many. */
    public static final Networks WITHOUT_LOOPBACK = new Networks(Set.of("127.0.0.1", "::1"));

    private final Set<InetAddress> exempt;

    /**
     * @param exempt addresses that are not counted: those of proxies, behind which many clients are
     * @throws IllegalArgumentException for what is not an IP address
     */
    public Networks(Collection<String> exempt) {
        this.exempt = exempt.stream().map(Networks::checked).collect(Collectors.toUnmodifiableSet());
    }

    private static InetAddress checked(String text) {
        InetAddress address = literal(text);
        if (address == null) {
            throw new IllegalArgumentException(text + " (expected: an IP address)");
        }
        return address;
    }

    /** What {@code address} is counted under; null when it is exempt. */
    public @Nullable String counted(InetAddress address) {
        return exempt.contains(address) ? null : name(address);
    }

    /** The same for an address as text; what is none is counted as it is. */
    public @Nullable String counted(String address) {
        InetAddress parsed = literal(address);
        return parsed == null ? address : counted(parsed);
    }

    /** The network that an address is in, exempt or not. */
    public static String of(String address) {
        InetAddress parsed = literal(address);
        return parsed == null ? address : name(parsed);
    }

    private static String name(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length < IPV6_BYTES
                ? address.getHostAddress()
                : HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_PREFIX_BYTES));
    }

    /** An address as text, an IPv6 one in brackets or not; null for what is none: a name is never looked up. */
    public static @Nullable InetAddress literal(String text) {
        InetAddress plain = fourNumbers(text);
        return plain == null ? anyLiteral(text) : plain;
    }

    /** What nearly all addresses are, without an expression: each request asks for one. */
    private static @Nullable InetAddress fourNumbers(String text) {
        byte[] bytes = new byte[4];
        int number = 0;
        int digits = 0;
        int count = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (digits == 0 || number > 255 || count == bytes.length) {
                    return null;
                }
                bytes[count++] = (byte) number;
                number = 0;
                digits = 0;
            } else if (c >= '0' && c <= '9' && digits < 3) {
                number = number * 10 + c - '0';
                digits++;
            } else {
                return null;
            }
        }
        try {
            return count == bytes.length ? InetAddress.getByAddress(bytes) : null;
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    private static @Nullable InetAddress anyLiteral(String text) {
        String bare = BRACKETS_AND_SCOPE.matcher(text).replaceAll("");
        if (!LITERAL.matcher(bare).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(bare);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}

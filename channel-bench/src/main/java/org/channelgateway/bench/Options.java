package org.channelgateway.bench;

import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was given on the command line: what to measure and {@code --name value} pairs. */
record Options(String what, Map<String, String> values) {
    private static final List<String> NAMES = List.of(
            "--url",
            "--secret",
            "--domain",
            "--user",
            "--server",
            "--subscribers",
            "--connections",
            "--window",
            "--count",
            "--runs",
            "--warm-up",
            "--pid",
            "--command",
            "--secret-file",
            "--port");

    static Options parse(String... args) {
        if (args.length % 2 == 0) {
            throw new IllegalArgumentException(
                    "arguments: " + args.length + " (expected: what to measure, then pairs of a name and a value)");
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 1; i < args.length; i += 2) {
            if (!NAMES.contains(args[i])) {
                throw new IllegalArgumentException(args[i] + ": unknown (expected: " + String.join(", ", NAMES) + ")");
            }
            values.put(args[i], args[i + 1]);
        }
        return new Options(args[0], values);
    }

    URI url(String scheme) {
        URI url = URI.create(text("--url", null));
        if (!scheme.equals(url.getScheme()) || url.getHost() == null || url.getPort() < 0) {
            throw new IllegalArgumentException("--url: " + url + " (expected: " + scheme + "://HOST:PORT)");
        }
        return url;
    }

    String text(String name, @Nullable String otherwise) {
        String value = values.getOrDefault(name, otherwise);
        if (value == null) {
            throw new IllegalArgumentException(name + ": none (expected: a value)");
        }
        return value;
    }

    int number(String name, int otherwise, int least) {
        return number(name, text(name, Integer.toString(otherwise)), least);
    }

    /** One or more, with commas. */
    List<Integer> numbers(String name, String otherwise, int least) {
        return Arrays.stream(text(name, otherwise).split(",", -1))
                .map(text -> number(name, text, least))
                .toList();
    }

    private static int number(String name, String text, int least) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least) {
            throw new IllegalArgumentException(name + ": " + text + " (expected: a number >= " + least + ")");
        }
        return Integer.parseInt(text);
    }

    /** The server that is spoken to over XMPP. */
    XmppPeer xmppPeer(String prefix) {
        URI url = url("xmpp");
        String domain = text("--domain", "localhost");
        Account sender = new Account(text("--user", null), text("--secret", null));
        String server = text("--server", "gateway");
        return switch (server) {
            case "gateway" -> new Gateway(url, domain, sender, prefix);
            case "ejabberd" -> new Ejabberd(url, domain, sender, prefix);
            default -> throw new IllegalArgumentException("--server: " + server + " (expected: gateway or ejabberd)");
        };
    }

    ServerCpu serverCpu() {
        return values.containsKey("--pid") ? ServerCpu.of(number("--pid", 0, 1)) : new ServerCpu(null);
    }
}

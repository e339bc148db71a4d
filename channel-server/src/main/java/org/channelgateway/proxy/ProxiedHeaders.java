package org.channelgateway.proxy;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** What is said to the application of a request, and to the client of its answer. Immutable. */
final class ProxiedHeaders {
    /** Of one connection only (RFC 9110 §7.6.1); the framing is written anew. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "http2-settings",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Said by whoever is in front of a server; these would lead an application to another path than the one that was seen. */
    private static final Set<String> MISLEADING = Set.of("x-original-url", "x-rewrite-url", "x-forwarded-prefix");

    /** Said by whoever is in front of a server about the client; from a client itself they are not believed. */
    private static final Set<String> OF_CLIENT = Set.of("forwarded", "x-real-ip", "x-client-ip", "true-client-ip");

    /** Said by App Engine to its applications, which believe it: of cron jobs, task queues, users. */
    private static final String X_APPENGINE = "x-appengine-";

    private static final String FORWARDED = "forwarded";
    private static final String X_FORWARDED = "x-forwarded-";

    private final URI application;
    /** Names this gateway among all, so that it knows its own requests when they come back to it. */
    private final String pseudonym;

    ProxiedHeaders(URI application, String pseudonym) {
        this.application = application;
        this.pseudonym = pseudonym;
    }

    /** True when the request has been here before. */
    boolean isLoop(Request request) {
        return request.getHeaders().getValuesList(HttpHeader.VIA).stream().anyMatch(via -> via.contains(pseudonym));
    }

    /**
     * The request line and the headers, with the target as it was sent.
     *
     * @param upgrade the protocols that the client would switch to; null when it stays with HTTP
     * @param body how the body is framed
     */
    ByteBuffer request(Request request, @Nullable String upgrade, Framing body) {
        Text head = new Text();
        head.ascii(request.getMethod()).ascii(" ").utf8(target(request)).ascii(" HTTP/1.1\r\n");
        head.field("Host", host(request));
        HttpFields fields = request.getHeaders();
        Set<String> dropped = named(fields);
        boolean trusted = isTrusted(request);
        for (HttpField field : fields) {
            String name = field.getLowerCaseName();
            String read = name.replace('_', '-'); // as CGI and its heirs do
            boolean forwarding =
                    OF_CLIENT.contains(read) || read.startsWith(X_FORWARDED) || read.startsWith(X_APPENGINE);
            if (!dropped.contains(name)
                    && !MISLEADING.contains(read)
                    && !name.equals("host")
                    && !name.equals("content-length")
                    && (trusted || !forwarding)
                    && !isReplaced(read)) {
                head.field(field.getName(), field.getValue());
            }
        }
        forwarding(request, trusted, head);
        head.field("Via", joined(fields, "via", "1.1 " + pseudonym, true));
        body.describe(request, head::field);
        if (upgrade == null) {
            head.field("Connection", "close"); // a connection serves one request
        } else {
            head.field("Connection", "Upgrade");
            head.field("Upgrade", upgrade);
        }
        return head.end();
    }

    private static boolean isReplaced(String name) {
        return name.equals("via")
                || name.equals(FORWARDED)
                || name.equals("x-forwarded-for")
                || name.equals("x-forwarded-host")
                || name.equals("x-forwarded-proto");
    }

    /** The path and query as they were sent; {@code *} of OPTIONS as well. */
    static String target(Request request) {
        HttpURI uri = request.getHttpURI();
        String path = uri.getPath();
        String query = uri.getQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    /** As the browser sent it: applications make their addresses of it. */
    private String host(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return host == null || host.isEmpty() ? application.getRawAuthority() : host;
    }

    /** Another proxy on this machine knows better than this one who the client is; nobody else is believed. */
    private static boolean isTrusted(Request request) {
        String address = Request.getRemoteAddr(request);
        return address.startsWith("127.") || address.equals("::1") || address.equals("[::1]");
    }

    private void forwarding(Request request, boolean trusted, Text head) {
        HttpFields fields = request.getHeaders();
        String address = Request.getRemoteAddr(request).replaceAll("[\\[\\]]", "");
        String host = host(request);
        String client = address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
        head.field("X-Forwarded-For", joined(fields, "x-forwarded-for", address, trusted));
        head.field("X-Forwarded-Host", first(fields, "x-forwarded-host", host, trusted));
        head.field("X-Forwarded-Proto", first(fields, "x-forwarded-proto", "http", trusted));
        head.field(
                "Forwarded",
                joined(fields, FORWARDED, "for=" + client + ";host=" + quoted(host) + ";proto=http", trusted));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String joined(HttpFields fields, String name, String more, boolean trusted) {
        List<String> said = trusted ? fields.getValuesList(name) : List.of();
        return said.isEmpty() ? more : String.join(", ", said) + ", " + more;
    }

    private static String first(HttpFields fields, String name, String unset, boolean trusted) {
        String said = trusted ? fields.get(name) : null;
        return said == null ? unset : said;
    }

    private static Set<String> named(HttpFields fields) {
        Set<String> names = new HashSet<>(HOP_BY_HOP);
        for (String value : fields.getValuesList(HttpHeader.CONNECTION)) {
            for (String name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** Copies the headers of the application's answer; a length where no content comes stays out. */
    void answer(Request request, int status, HttpFields from, HttpFields.Mutable to) {
        Set<String> dropped = named(from);
        for (HttpField field : from) {
            boolean lengthOfNothing =
                    field.getHeader() == HttpHeader.CONTENT_LENGTH && (status < 200 || status == 204 || status == 304);
            if (dropped.contains(field.getLowerCaseName()) || lengthOfNothing) {
                continue;
            }
            if (field.getHeader() == HttpHeader.DATE) {
                to.put(field); // in the place of Jetty's
            } else {
                to.add(field.getHeader() == HttpHeader.LOCATION ? location(request, field) : field);
            }
        }
    }

    /** An application that names its own address means the one that the browser knows it by. */
    private HttpField location(Request request, HttpField field) {
        String location = String.valueOf(field.getValue());
        String own = application.toString();
        boolean ownAddress = location.regionMatches(true, 0, own, 0, own.length())
                && (location.length() == own.length() || "/?#".indexOf(location.charAt(own.length())) >= 0);
        if (!ownAddress) {
            return field;
        }
        String proto = first(request.getHeaders(), "x-forwarded-proto", "http", isTrusted(request));
        return new HttpField(HttpHeader.LOCATION, proto + "://" + host(request) + location.substring(own.length()));
    }

    /** The head of a message as bytes. */
    private static final class Text {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

        Text ascii(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1)); // as Jetty read it
            return this;
        }

        Text utf8(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        void field(String name, @Nullable String value) {
            ascii(name).ascii(": ").ascii(value == null ? "" : value).ascii("\r\n");
        }

        ByteBuffer end() {
            return ByteBuffer.wrap(ascii("\r\n").bytes.toByteArray());
        }
    }
}

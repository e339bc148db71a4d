package org.channelgateway.it;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A {@link WireClient} over BOSH (XEP-0124, XEP-0206). */
final class BoshClient implements WireClient {
    private static final String BODY = "<body xmlns='http://jabber.org/protocol/httpbind' rid='%d'%s>%s</body>";

    private final HttpClient http = ChannelApi.client();
    private final URI gateway;
    private final String domain;
    private final DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
    private long rid = new SecureRandom().nextLong(1L << 52);
    private String sid = "";
    private String jid = "";
    /** Stanzas that came in one body with those before them. */
    private final Deque<Element> arrived = new ArrayDeque<>();
    /** A request that the gateway holds; null when {@link #listen} was not called. */
    private @Nullable CompletableFuture<Element> held;

    /** Opens a session; {@link #login} is next. */
    BoshClient(URI gateway, String domain) {
        this.gateway = gateway;
        this.domain = domain;
        parsers.setNamespaceAware(true);
        Element created = post(
                " to='" + domain + "' wait='5' hold='1' ver='1.11' xml:lang='en' xmpp:version='1.0'"
                        + " xmlns:xmpp='urn:xmpp:xbosh'",
                "");
        sid = created.getAttribute("sid");
        if (sid.isEmpty()
                || WireClient.find(created, "mechanism").stream().noneMatch(m -> "PLAIN".equals(m.getTextContent()))) {
            throw new AssertionError("no sid, or no PLAIN in " + created.getTextContent());
        }
    }

    @Override
    public Element login(String authzid, String localpart, String secret) {
        String plain = authzid + '\0' + localpart + '\0' + secret;
        String encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        return ask("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + encoded + "</auth>");
    }

    @Override
    public void bind() {
        Element bound = tryBind();
        jid = WireClient.find(bound, "jid").get(0).getTextContent();
        // presence is not answered: it travels with something that is
        iq("set", "", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>", "<presence/>");
    }

    @Override
    public Element tryBind() {
        Element features =
                post(" sid='" + sid + "' to='" + domain + "' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'", "");
        if (WireClient.find(features, "bind").isEmpty()) {
            throw new AssertionError("no bind among the features");
        }
        return iq("set", "", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
    }

    @Override
    public String jid() {
        return jid;
    }

    @Override
    public Element iq(String type, String to, String payload, String... more) {
        String id = UUID.randomUUID().toString();
        String address = to.isEmpty() ? "" : " to='" + to + "'";
        String iq = "<iq xmlns='jabber:client' type='" + type + "' id='" + id + "'" + address + ">" + payload + "</iq>";
        Element answer = ask(String.join("", more).replace("<presence", "<presence xmlns='jabber:client'") + iq);
        if (!answer.getAttribute("id").equals(id)) {
            throw new AssertionError("id: " + answer.getAttribute("id") + " (expected: " + id + ")");
        }
        return answer;
    }

    @Override
    public Element ask(String stanza) {
        arrived.addAll(stanzas(send(client(stanza))));
        return next();
    }

    private static List<Element> stanzas(Element body) {
        if (body.getAttribute("type").equals("terminate")) {
            throw new AssertionError(body.getAttribute("condition") + " (expected: a session that goes on)");
        }
        return WireClient.elements(body);
    }

    /** Stanzas are of {@code jabber:client}, as on a stream, unless they say otherwise. */
    private static String client(String stanza) {
        return stanza.replaceFirst("^<(message|presence|iq)(?! xmlns)", "<$1 xmlns='jabber:client'");
    }

    /** Sends stanzas and answers the body that comes back, which may take as long as a poll. */
    private Element send(String stanzas) {
        return post(" sid='" + sid + "'", stanzas);
    }

    @Override
    public Element next() {
        while (arrived.isEmpty()) {
            arrived.addAll(stanzas(send("")));
        }
        return arrived.remove();
    }

    /** Returns when the gateway holds a request: it has let go of the one before, of which it holds one. */
    @Override
    public void listen() {
        CompletableFuture<Element> before = postLater(" sid='" + sid + "'", "");
        held = postLater(" sid='" + sid + "'", "");
        before.join();
    }

    @Override
    public Element end() {
        return error(held == null ? send("") : held.join());
    }

    @Override
    public Element askInVain(String stanza) {
        return error(send(client(stanza)));
    }

    private static Element error(Element body) {
        if (!body.getAttribute("type").equals("terminate")
                || !body.getAttribute("condition").equals("remote-stream-error")) {
            throw new AssertionError(
                    body.getAttribute("condition") + " (expected: terminated by a remote-stream-error)");
        }
        return WireClient.only(body);
    }

    @Override
    public void terminate() {
        post(" sid='" + sid + "' type='terminate'", "");
    }

    private Element post(String attributes, String stanzas) {
        return postLater(attributes, stanzas).orTimeout(30, TimeUnit.SECONDS).join();
    }

    private CompletableFuture<Element> postLater(String attributes, String stanzas) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("http-bind"))
                .header("Content-Type", "text/xml; charset=utf-8")
                .POST(BodyPublishers.ofString(BODY.formatted(rid++, attributes, stanzas)))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8))
                .thenApply(answer -> {
                    if (answer.statusCode() != 200) {
                        throw new AssertionError(answer + " (expected: 200)");
                    }
                    return parse(answer.body());
                });
    }

    private Element parse(String xml) {
        try {
            InputSource source = new InputSource(new StringReader(xml));
            return parsers.newDocumentBuilder().parse(source).getDocumentElement();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError(xml, e);
        }
    }
}

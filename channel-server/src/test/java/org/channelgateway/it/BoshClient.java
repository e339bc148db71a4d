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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A BOSH client that knows the wire and nothing else (XEP-0124, XEP-0206, RFC 6120). Confined to one thread. */
final class BoshClient {
    private static final String BODY = "<body xmlns='http://jabber.org/protocol/httpbind' rid='%d'%s>%s</body>";

    private final HttpClient http = ChannelApi.client();
    private final URI gateway;
    private final String domain;
    private final DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
    private long rid = new SecureRandom().nextLong(1L << 52);
    private String sid = "";
    private String jid = "";

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
        if (sid.isEmpty() || find(created, "mechanism").stream().noneMatch(m -> "PLAIN".equals(m.getTextContent()))) {
            throw new AssertionError("no sid, or no PLAIN in " + created.getTextContent());
        }
    }

    /** A session of {@code jid} that is authenticated, bound and available. */
    static BoshClient connected(URI gateway, ChannelApi.Created channel) {
        BoshClient client = new BoshClient(gateway, domain(channel.jid()));
        Element answer = client.login("", localpart(channel.jid()), channel.token());
        if (!answer.getLocalName().equals("success")) {
            throw new AssertionError(answer.getLocalName() + " (expected: success)");
        }
        client.bind();
        return client;
    }

    static String localpart(String jid) {
        return jid.substring(0, jid.indexOf('@'));
    }

    static String domain(String jid) {
        return jid.substring(jid.indexOf('@') + 1);
    }

    /** Answers what the server says: {@code success} or {@code failure}. */
    Element login(String authzid, String localpart, String secret) {
        String plain = authzid + '\0' + localpart + '\0' + secret;
        String encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        return only(send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + encoded + "</auth>"));
    }

    private void bind() {
        Element features =
                post(" sid='" + sid + "' to='" + domain + "' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'", "");
        if (find(features, "bind").isEmpty()) {
            throw new AssertionError("no bind among the features");
        }
        Element bound = iq("set", "", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
        jid = find(bound, "jid").get(0).getTextContent();
        // presence is not answered: it travels with something that is
        iq("set", "", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>", "<presence/>");
    }

    /** The full JID. */
    String jid() {
        return jid;
    }

    /** Sends a request and answers its answer; {@code more} stanzas go before it. */
    Element iq(String type, String to, String payload, String... more) {
        String id = UUID.randomUUID().toString();
        String address = to.isEmpty() ? "" : " to='" + to + "'";
        String iq = "<iq xmlns='jabber:client' type='" + type + "' id='" + id + "'" + address + ">" + payload + "</iq>";
        Element answer = only(send(String.join("", more).replace("<presence", "<presence xmlns='jabber:client'") + iq));
        if (!answer.getAttribute("id").equals(id)) {
            throw new AssertionError("id: " + answer.getAttribute("id") + " (expected: " + id + ")");
        }
        return answer;
    }

    /** Sends stanzas and answers the body that comes back, which may take as long as a poll. */
    Element send(String stanzas) {
        return post(" sid='" + sid + "'", stanzas);
    }

    /** Waits for something to arrive. */
    Element poll() {
        return send("");
    }

    /** A request that the gateway holds when this returns: it has let go of the one before, of which it holds one. */
    CompletableFuture<Element> held() {
        CompletableFuture<Element> before = postLater(" sid='" + sid + "'", "");
        CompletableFuture<Element> held = postLater(" sid='" + sid + "'", "");
        before.join();
        return held;
    }

    void terminate() {
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

    /** The one stanza in a body. */
    static Element only(Element body) {
        List<Element> stanzas = elements(body);
        if (stanzas.size() != 1) {
            throw new AssertionError(stanzas.size() + " stanzas in the body (expected: 1)");
        }
        return stanzas.get(0);
    }

    static List<Element> elements(Element parent) {
        List<Element> elements = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    /** All elements of this name below {@code root}, whatever their namespace. */
    static List<Element> find(Element root, String name) {
        List<Element> found = new ArrayList<>();
        for (Element element : elements(root)) {
            if (element.getLocalName().equals(name)) {
                found.add(element);
            }
            found.addAll(find(element, name));
        }
        return found;
    }
}

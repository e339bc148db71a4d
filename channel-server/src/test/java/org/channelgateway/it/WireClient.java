package org.channelgateway.it;

import java.util.ArrayList;
import java.util.List;
import org.channelgateway.it.ChannelApi.Created;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** An XMPP client that knows the wire and nothing else, over BOSH or TCP (RFC 6120). Confined to one thread. */
interface WireClient {
    /** What carries its stream. */
    enum Transport {
        BOSH {
            @Override
            WireClient open(GatewayFixture gateway) {
                return new BoshClient(gateway.uri(), DOMAIN);
            }

            @Override
            String restart() {
                return "";
            }
        },
        TCP {
            @Override
            WireClient open(GatewayFixture gateway) {
                return new TcpClient(gateway.xmpp());
            }

            @Override
            String restart() {
                return TcpClient.HEADER;
            }
        };

        /** Opens a stream; {@link #login} is next. */
        abstract WireClient open(GatewayFixture gateway);

        /** What a client sends after it logged in, before the first stanza. */
        abstract String restart();

        /** A client that is authenticated, bound and available. */
        WireClient connected(GatewayFixture gateway, String jid, String secret) {
            WireClient client = open(gateway);
            Element answer = client.login("", localpart(jid), secret);
            if (!answer.getLocalName().equals("success")) {
                throw new AssertionError(answer.getLocalName() + " (expected: success)");
            }
            client.bind();
            return client;
        }

        WireClient connected(GatewayFixture gateway, Created channel) {
            return connected(gateway, channel.jid(), channel.token());
        }
    }

    /** The domain of the gateways under test. */
    String DOMAIN = "localhost";

    /** Answers what the server says: {@code success} or {@code failure}. */
    Element login(String authzid, String localpart, String secret);

    /** Goes on after a login as real clients do: restart, bind, session, presence. */
    void bind();

    /** Goes on after a login as a client that asks for a resource only, and answers the answer, whatever it is. */
    Element tryBind();

    /** The full JID. */
    String jid();

    /** The bare JID. */
    default String bareJid() {
        return jid().substring(0, jid().indexOf('/'));
    }

    /** Sends a request and answers its answer; {@code more} stanzas go before it. */
    Element iq(String type, String to, String payload, String... more);

    /** Sends a stanza and answers the next one that comes. */
    Element ask(String stanza);

    /** Waits for the next stanza. */
    Element next();

    /** Waits in the background from now on, as a browser does, so that an end is told at once. */
    void listen();

    /** Waits until the gateway has ended the stream and answers why: its stream error. */
    Element end();

    /** Sends a stanza after which the gateway ends the stream, and answers why. */
    Element askInVain(String stanza);

    /** Ends the stream the polite way. */
    void terminate();

    static String localpart(String jid) {
        return jid.substring(0, jid.indexOf('@'));
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

    /** The one element in {@code parent}. */
    static Element only(Element parent) {
        List<Element> elements = elements(parent);
        if (elements.size() != 1) {
            throw new AssertionError(elements.size() + " elements in " + parent.getLocalName() + " (expected: 1)");
        }
        return elements.get(0);
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

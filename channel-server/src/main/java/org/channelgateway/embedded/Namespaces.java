package org.channelgateway.embedded;

/** The namespaces of RFC 6120 and RFC 6121 that the embedded server speaks. */
final class Namespaces {
    static final String CLIENT = "jabber:client";
    static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
    static final String SESSION = "urn:ietf:params:xml:ns:xmpp-session";
    static final String STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";
    static final String ROSTER = "jabber:iq:roster";

    private Namespaces() {}
}

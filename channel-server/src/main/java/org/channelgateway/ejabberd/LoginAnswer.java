package org.channelgateway.ejabberd;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.channelgateway.ejabberd.BoshLogin.FailedException;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;

/** One body that ejabberd answers a login with. What is not as it should be is a {@link FailedException}. */
record LoginAnswer(XmlElement body) {
    static final String CLIENT = "jabber:client";
    static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
    private static final XmlReader READER = new XmlReader(new XmlLimits(4 << 20, 32, 64, 100_000));

    static LoginAnswer of(byte[] bytes) throws FailedException {
        try {
            XmlElement body = READER.read(bytes);
            if ("terminate".equals(body.attribute("type"))) {
                throw new FailedException("ejabberd ended the session: " + body.attribute("condition"));
            }
            return new LoginAnswer(body);
        } catch (XmlException e) {
            throw new FailedException("ejabberd's answer is no BOSH", e);
        }
    }

    String attribute(String name) throws FailedException {
        String value = body.attribute(name);
        if (value == null) {
            throw new FailedException("ejabberd's session has no " + name);
        }
        return value;
    }

    int number(String name) throws FailedException {
        try {
            return Integer.parseInt(attribute(name));
        } catch (NumberFormatException e) {
            throw new FailedException("ejabberd's session has no " + name + " that is a number", e);
        }
    }

    /** The text in Base64 of an element, decoded. */
    String decoded(String namespace, String name) throws FailedException {
        String base64 = body.elements().stream()
                .filter(element -> element.is(namespace, name))
                .map(XmlElement::text)
                .findFirst()
                .orElseThrow(() -> new FailedException("ejabberd sent no " + name));
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new FailedException("ejabberd's " + name + " is no base64", e);
        }
    }

    /** The address that was bound (RFC 6120 §7.6.1). */
    String jid() throws FailedException {
        XmlElement bind = body.elements().stream()
                .filter(element -> element.is(CLIENT, "iq"))
                .findFirst()
                .map(XmlElement::firstElement)
                .orElse(null);
        XmlElement jid = bind == null || !bind.is(BIND, "bind") ? null : bind.firstElement();
        if (jid == null) {
            throw new FailedException("ejabberd did not bind a resource");
        }
        return jid.text();
    }

    boolean hasMessage() {
        return body.elements().stream().anyMatch(element -> element.is(CLIENT, "message"));
    }
}

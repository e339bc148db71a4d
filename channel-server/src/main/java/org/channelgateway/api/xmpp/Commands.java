package org.channelgateway.api.xmpp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;

/** The service's own elements, read strictly and written. */
final class Commands {
    static final String NAMESPACE = "urn:channelgateway:1";

    static final String PUBLISH = "publish";

    private static final Set<String> SET = Set.of("create", PUBLISH, "revoke");
    private static final String GET = "get";
    private static final int MAX_DIGITS = 4;

    private Commands() {}

    /** Refuses what is no command, and one in an IQ of the other type. */
    static void checkType(XmlElement iq, XmlElement command) {
        String name = command.name();
        if (!SET.contains(name) && !name.equals(GET)) {
            throw new BadCommandException(name + ": unknown (expected: create, publish, revoke or get)");
        }
        String expected = SET.contains(name) ? "set" : "get";
        if (!expected.equals(iq.attribute("type"))) {
            throw new BadCommandException(
                    "type: " + iq.attribute("type") + " (expected: " + expected + " for " + name + ")");
        }
        if (!command.elements().isEmpty()) {
            throw new BadCommandException(name + ": elements in it (expected: none)");
        }
        if (!name.equals(PUBLISH) && !isWhiteSpace(command.text())) {
            throw new BadCommandException(name + ": text in it (expected: none)");
        }
    }

    /** XML 1.0 §2.3. */
    private static boolean isWhiteSpace(String text) {
        return text.chars().allMatch(c -> c == ' ' || c == '\t' || c == '\n' || c == '\r');
    }

    /** Refuses a misspelt attribute, which would silently not count. */
    static void checkAttributes(XmlElement command, Set<String> known) {
        for (XmlAttribute attribute : command.attributes()) {
            if (attribute.namespace().isEmpty() && !known.contains(attribute.name())) {
                throw new BadCommandException(attribute.name() + ": unknown attribute (expected: "
                        + String.join(", ", new TreeSet<>(known)) + ")");
            }
        }
    }

    static String text(XmlElement command, String name) {
        String value = command.attribute(name);
        if (value == null) {
            throw new BadCommandException(name + ": missing (expected: an attribute of " + command.name() + ")");
        }
        return value;
    }

    /** The attribute {@code duration}, in minutes. */
    static int minutes(XmlElement command) {
        String text = command.attribute("duration");
        if (text == null) {
            return ChannelService.DEFAULT_MINUTES;
        }
        int minutes = number(text);
        if (minutes < 1 || minutes > ChannelService.MAX_MINUTES) {
            throw new BadCommandException(
                    "duration: " + shown(text) + " (expected: 1.." + ChannelService.MAX_MINUTES + ")");
        }
        return minutes;
    }

    private static int number(String text) {
        boolean digits =
                !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : -1;
    }

    private static String shown(String text) {
        return text.length() <= 20 ? text : text.length() + " characters";
    }

    /** @param attributes names and values in turn */
    static XmlElement element(String name, String... attributes) {
        List<XmlAttribute> all = new ArrayList<>(attributes.length / 2);
        for (int i = 0; i < attributes.length; i += 2) {
            all.add(new XmlAttribute("", attributes[i], attributes[i + 1]));
        }
        return new XmlElement(NAMESPACE, name, all, List.of());
    }
}

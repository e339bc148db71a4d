package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.channelgateway.xml.JdkXml;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlChars;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlNode;
import org.channelgateway.xml.XmlReader;
import org.channelgateway.xml.XmlText;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** The reader of BOSH bodies. An input is a body as it comes. */
@Timeout(120)
class BodyFuzzTest {
    private static final String XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
    private static final XmlLimits LIMITS = new XmlLimits(65_536, 32, 64, 1000);
    private static final XmlReader READER = new XmlReader(LIMITS);
    /** What is written may be longer than what was read. */
    private static final XmlReader ROOMY = new XmlReader(new XmlLimits(1 << 24, 32, 64, 1000));

    private static final JdkXml OTHER = new JdkXml();

    @FuzzTest
    void readsABodyAsOthersDoOrRefusesIt(byte[] body) throws XmlException {
        XmlElement element = read(body);
        if (element == null) {
            assertThat(request(body)).isNull();
            return;
        }
        assertThat(body.length).isLessThanOrEqualTo(LIMITS.maxBytes());
        assertThat(elements(element, 1)).isLessThanOrEqualTo(LIMITS.maxElements());
        XmlElement others = OTHER.read(body);
        if (others != null) {
            assertThat(JdkXml.sorted(element)).isEqualTo(others);
        }
        XmlElement plain = plain(element);
        String written = new XmlWriter(100).element(plain).toString();
        assertThat(ROOMY.read(written.getBytes(StandardCharsets.UTF_8))).isEqualTo(plain);

        BoshRequest request = request(body);
        if (request != null) {
            assertThat(request.rid().value()).isBetween(1L, Rid.MAX);
            assertThat(request.stanzas()).isEqualTo(element.elements());
            assertThat(request.sid().isEmpty() || request.creation() == null).isTrue();
        }
    }

    private static @Nullable XmlElement read(byte[] body) {
        try {
            return READER.read(body);
        } catch (XmlException e) {
            assertThat(e.getMessage()).isNotBlank();
            return null;
        }
    }

    private static @Nullable BoshRequest request(byte[] body) {
        try {
            return BoshXml.read(READER, body);
        } catch (BoshException e) {
            assertThat(BoshXml.terminate(e.condition(), null, List.of())).isNotEmpty();
            return null;
        }
    }

    /** Counts the elements, and looks at each on the way. */
    private static int elements(XmlElement element, int depth) {
        assertThat(depth).isLessThanOrEqualTo(LIMITS.maxDepth());
        assertThat(element.attributes()).hasSizeLessThanOrEqualTo(LIMITS.maxAttributes());
        assertLegal(element.namespace());
        assertLegal(element.name());
        element.attributes().forEach(attribute -> assertLegal(attribute.value()));
        int count = 1;
        for (XmlNode child : element.children()) {
            if (child instanceof XmlElement inner) {
                count += elements(inner, depth + 1);
            } else if (child instanceof XmlText text) {
                assertLegal(text.text());
            }
        }
        return count;
    }

    private static void assertLegal(String text) {
        assertThat(XmlChars.firstIllegal(text)).isNegative();
    }

    /** Without what the writer leaves out: attributes in a namespace, but for {@code xml:}. */
    private static XmlElement plain(XmlElement element) {
        List<XmlAttribute> attributes = element.attributes().stream()
                .filter(one -> one.namespace().isEmpty() || one.namespace().equals(XML_NAMESPACE))
                .toList();
        List<XmlNode> children = new ArrayList<>();
        for (XmlNode child : element.children()) {
            if (child instanceof XmlElement inner) {
                children.add(plain(inner));
            } else if (!(child instanceof XmlText text) || !text.text().isEmpty()) {
                children.add(child);
            }
        }
        return new XmlElement(element.namespace(), element.name(), attributes, children);
    }
}

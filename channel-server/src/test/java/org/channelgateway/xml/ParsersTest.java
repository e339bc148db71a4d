package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.aalto.AsyncXMLInputFactory;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ParsersTest {
    private final List<AsyncXMLInputFactory> made = new ArrayList<>();
    private final Parsers parsers = new Parsers(() -> {
        made.add(new InputFactoryImpl());
        return made.get(made.size() - 1);
    });

    @Test
    void keepsAFactoryWhileLittleWasRead() throws XMLStreamException {
        for (int i = 0; i < 64; i++) {
            parsers.of(new byte[Parsers.FACTORY_BYTES / 64]).close();
        }
        assertThat(made).hasSize(1);
    }

    @Test
    void dropsAFactoryWithTheNamesOfStrangersInIt() throws XMLStreamException {
        for (int i = 0; i < 65; i++) {
            parsers.of(new byte[Parsers.FACTORY_BYTES / 64]).close();
        }
        assertThat(made).hasSize(2);
        for (int i = 0; i < 10; i++) {
            parsers.of(new byte[Parsers.FACTORY_BYTES]).close();
        }
        assertThat(made).hasSize(12);
    }

    /** Names of sixteen letters that all have one hash: 31 more in a quad is one less in the quad before it. */
    @Test
    @Timeout(20)
    void readsCollidingNamesCheaply() throws XmlException {
        XmlReader reader = new XmlReader(new XmlLimits(65_536, 4, 64, 5000));
        List<String> names = new ArrayList<>();
        for (int bits = 0; bits < 1 << 12; bits++) {
            names.add(colliding(bits));
        }
        int read = 0;
        for (int document = 0; document < 5; document++) {
            StringBuilder xml = new StringBuilder("<a>");
            for (int i = 0; i < 2200; i++) {
                xml.append('<')
                        .append(names.get((document * 2200 + i) % names.size()))
                        .append((char) ('a' + document % 26))
                        .append("/>");
            }
            read += reader.read(xml.append("</a>").toString().getBytes(StandardCharsets.UTF_8))
                    .children()
                    .size();
        }
        assertThat(read).isEqualTo(11_000);
    }

    private static String colliding(int bits) {
        char[] name = "CCCCcccc".repeat(3).toCharArray();
        for (int i = 0; i < 12; i++) {
            if ((bits >> i & 1) == 1) {
                int at = i / 4 * 8 + i % 4;
                name[at]++;
                name[at + 4] = (char) (name[at + 4] - 31);
            }
        }
        return new String(name);
    }
}

package org.channelgateway.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import org.channelgateway.xml.XmlException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no XML, or none that is allowed on a stream (RFC 6120 §11). */
final class XmlStreamRefusalTest extends XmlStreamContract {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a><a>",
                "<!-- c --><a>",
                "<?p i?><a>",
            })
    void refusesRestrictedXmlBeforeTheHeader(String text) {
        assertRefused(Reason.RESTRICTED, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!-- c -->", "<?p i?>", "&x;", "<a>&x;</a>", "<a><!-- c --></a>", "<a><?p i?></a>"})
    void refusesRestrictedXmlOnTheStream(String text) throws XmlException {
        readAll(HEADER);
        assertRefused(Reason.RESTRICTED, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n>",
                "x>",
                "</a>",
                "<a b='1' b='2'>",
                "<x:a>",
                "<a/>",
                "<?xml version='1.1'?><a>",
                "<?xml version='1.0' encoding='UTF-16'?><a>",
                "<?xml version='1.0'?><?xml version='1.0'?><a>",
                "\uFEFF<a>",
                "\u0000>"
            })
    void refusesHeadersThatAreNone(String text) {
        assertRefused(null, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text<a/>",
                "&amp;<a/>",
                "&#32;<a/>",
                "<![CDATA[ ]]><a/>",
                "<a></b>",
                "<a></bb>",
                "<abcd></abce>",
                "</stream>",
                "</a>",
                "<a b='<'/>",
                "<a>&#0;</a>",
                "<a>\uFFFE</a>",
                "<a b='&#xD800;'/>",
                "<!DOCTYPE a><a/>",
                "<x:a/>",
                "<?xml version='1.0'?><a/>"
            })
    void refusesWhatIsNotAStanza(String text) throws XmlException {
        readAll(HEADER);
        assertRefused(null, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", HEADER})
    void refusesSpaceWithinACharacterThatWasCut(String before) throws XmlException {
        readAll(before);
        drain(reader, new byte[] {(byte) 0xF1}, new ArrayList<>());
        assertThatThrownBy(() -> drain(reader, utf8("\n"), new ArrayList<>()))
                .isInstanceOf(XmlException.class)
                .hasMessage("not valid UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C0 80",
                "C1 BF",
                "E0 80 AF",
                "F0 80 80 AF",
                "ED A0 80",
                "ED A0 BD ED B8 80",
                "F4 90 80 80",
                "F8 88 80 80 80",
                "C3",
                "E2 82",
                "F0 9F 98",
                "80",
                "FE",
                "FF",
                "C3 28",
                "E2 28 A1",
                "EF BF BE"
            })
    void refusesBadUtf8WhereverItIsCut(String hex) {
        String[] octets = hex.split(" ", -1);
        byte[] bad = new byte[octets.length];
        for (int i = 0; i < bad.length; i++) {
            bad[i] = (byte) Integer.parseInt(octets[i], 16);
        }
        for (int cut = 0; cut <= bad.length; cut++) {
            XmlStreamReader other = new XmlStreamReader(new XmlLimits(65_536, 4, 3, 6));
            int at = cut;
            XmlException refused = catchThrowableOfType(XmlException.class, () -> {
                drain(other, utf8(HEADER + "<a/><a>x"), new ArrayList<>());
                drain(other, Arrays.copyOfRange(bad, 0, at), new ArrayList<>());
                drain(other, Arrays.copyOfRange(bad, at, bad.length), new ArrayList<>());
                drain(other, utf8("</a>"), new ArrayList<>());
            });
            assertThat(refused).as("%s cut at %s", hex, cut).isNotNull();
            assertThat(refused.reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void handsOverStanzasThatCameBeforeWhatIsRefused() throws XmlException {
        reader.feed(ByteBuffer.wrap(utf8(HEADER + "<a/><b/>\u0000")));
        reader.next();
        assertThat(stanza(reader.next()).name()).isEqualTo("a");
        assertThat(stanza(reader.next()).name()).isEqualTo("b");
        assertThatThrownBy(reader::next).isInstanceOf(XmlException.class);
    }
}

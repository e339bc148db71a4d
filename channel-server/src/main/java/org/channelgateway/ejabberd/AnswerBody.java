package org.channelgateway.ejabberd;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlWriter;

/**
 * What ejabberd answers, as bytes: it is not read as XML, since that would cost more than all the rest. ejabberd escapes {@code <} and
 * {@code >} wherever they are no markup.
 */
final class AnswerBody {
    private static final byte[] BODY = ascii("<body");
    private static final byte[] EMPTY_END = ascii("/>");
    private static final byte[] END = ascii("</body>");
    private static final byte[] IQ = ascii("<iq ");
    private static final byte[] IQ_END = ascii("</iq>");
    private static final byte[] SUCCESS = ascii("<success ");

    private AnswerBody() {}

    static boolean is(byte[] answer) {
        return startsWith(answer, BODY, 0);
    }

    /** True when it says that the client has logged in. */
    static boolean hasSuccess(byte[] answer) {
        return indexOf(answer, SUCCESS, 0) >= 0;
    }

    /** Puts stanzas into it, behind what is in it. */
    static byte[] with(List<XmlElement> stanzas, byte[] answer) {
        StringBuilder more = new StringBuilder();
        stanzas.forEach(stanza -> more.append(new XmlWriter(256).element(stanza)));
        byte[] added = more.toString().getBytes(StandardCharsets.UTF_8);
        if (endsWith(answer, END)) {
            return joined(Arrays.copyOf(answer, answer.length - END.length), added, END);
        }
        byte[] open = endsWith(answer, EMPTY_END)
                ? joined(Arrays.copyOf(answer, answer.length - EMPTY_END.length), ascii(">"))
                : ascii("<body xmlns='" + BoshXml.NAMESPACE + "'>");
        return joined(open, added, END);
    }

    /** Takes the result of an IQ out of it; the same array when it is not in it. */
    static byte[] withoutIq(String id, byte[] answer) {
        byte[] wanted = ascii("id='" + id + "'");
        for (int start = indexOf(answer, IQ, 0); start >= 0; start = indexOf(answer, IQ, start + 1)) {
            int tagEnd = indexOf(answer, (byte) '>', start);
            int at = indexOf(answer, wanted, start);
            if (tagEnd < 0 || at < 0) {
                return answer;
            }
            if (at < tagEnd) {
                int end = answer[tagEnd - 1] == '/' ? tagEnd + 1 : indexOf(answer, IQ_END, tagEnd) + IQ_END.length;
                return end < tagEnd
                        ? answer
                        : joined(Arrays.copyOf(answer, start), Arrays.copyOfRange(answer, end, answer.length));
            }
        }
        return answer;
    }

    private static int indexOf(byte[] bytes, byte wanted, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from) {
        for (int i = from; i <= bytes.length - wanted.length; i++) {
            if (bytes[i] == wanted[0] && startsWith(bytes, wanted, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] bytes, byte[] start, int at) {
        return bytes.length - at >= start.length && Arrays.equals(bytes, at, at + start.length, start, 0, start.length);
    }

    private static boolean endsWith(byte[] bytes, byte[] end) {
        return bytes.length >= end.length && startsWith(bytes, end, bytes.length - end.length);
    }

    private static byte[] joined(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

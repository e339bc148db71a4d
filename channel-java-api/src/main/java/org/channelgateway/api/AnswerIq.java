package org.channelgateway.api;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jivesoftware.smack.packet.EmptyResultIQ;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.IQProvider;
import org.jivesoftware.smack.util.ParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;

/** The result of a request, with whatever attributes it has. */
final class AnswerIq extends IQ {
    private final Map<String, String> attributes;

    private AnswerIq(String element, Map<String, String> attributes) {
        super(element, Request.NAMESPACE);
        this.attributes = Map.copyOf(attributes);
    }

    /** What an IQ of type result or error says. */
    static Answer answer(IQ iq) {
        StanzaError error = iq.getError();
        if (error != null) {
            return new Answer.Refusal(new RefusedException(
                    error.getCondition().toString(),
                    error.getDescriptiveText() == null ? "" : error.getDescriptiveText(),
                    error.getType() == StanzaError.Type.WAIT,
                    error.getCondition() == StanzaError.Condition.internal_server_error,
                    null));
        }
        if (iq instanceof AnswerIq answer) {
            return new Answer.Result(answer.getChildElementName(), answer.attributes);
        }
        return new Answer.Result(iq instanceof EmptyResultIQ ? "" : iq.toString(), Map.of());
    }

    /** For whoever else reads answers of the gateway in this JVM. */
    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        attributes.forEach(xml::attribute);
        xml.setEmptyElement();
        return xml;
    }

    /** Reads them off a stream; strict parsing would end the stream, so that {@link Request} judges them instead. */
    static final class Provider extends IQProvider<AnswerIq> {
        @Override
        public AnswerIq parse(XmlPullParser parser, int initialDepth, XmlEnvironment environment)
                throws XmlPullParserException, IOException {
            String element = parser.getName();
            Map<String, String> attributes = new HashMap<>();
            for (int i = 0; i < parser.getAttributeCount(); i++) {
                attributes.put(parser.getAttributeName(i), parser.getAttributeValue(i));
            }
            ParserUtils.forwardToEndTagOfDepth(parser, initialDepth);
            return new AnswerIq(element, attributes);
        }
    }
}

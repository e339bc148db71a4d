package org.channelgateway.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway answered to a request. */
sealed interface Answer {
    /**
     * It was done.
     *
     * @param element the local name of what came back in our namespace; empty when nothing did
     */
    record Result(String element, Map<String, String> attributes) implements Answer {
        String text(String name) {
            String value = attributes.get(name);
            if (value == null) {
                throw malformed(this, null);
            }
            return value;
        }

        int number(String name) {
            try {
                return Integer.parseInt(text(name));
            } catch (NumberFormatException e) {
                throw malformed(this, e);
            }
        }

        /** Without the attributes, one of which may be a token. */
        @Override
        public String toString() {
            return "<" + element + "/> with " + attributes.keySet();
        }
    }

    /** It was not done. */
    record Refusal(RefusedException reason) implements Answer {}

    /** Of an answer that is not what was asked for: something was done. */
    static RefusedException malformed(Result answer, @Nullable Exception cause) {
        return new RefusedException("undefined-condition", "the gateway answered " + answer, false, true, cause);
    }
}

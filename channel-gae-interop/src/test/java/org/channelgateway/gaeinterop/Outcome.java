package org.channelgateway.gaeinterop;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a call did, in words that two implementations have in common.
 *
 * @param what it returned, or the name and the text of the exception
 * @param caused whether the exception has a cause
 */
record Outcome(String what, boolean caused) {
    /** What names an object of Google's there is ours to choose here. */
    private static final Pattern ADDRESSED = Pattern.compile("(Can't determine clientId from request body: ).*");

    static Outcome returned(@Nullable Object value) {
        return new Outcome("returned " + value, false);
    }

    static Outcome threw(Throwable thrown) {
        String name = thrown.getClass().getSimpleName();
        if (thrown instanceof NullPointerException) {
            return new Outcome(name, false); // the text is the JVM's
        }
        Matcher addressed = ADDRESSED.matcher(String.valueOf(thrown.getMessage()));
        String text = addressed.matches() ? addressed.group(1) + "…" : String.valueOf(thrown.getMessage());
        return new Outcome(name + ": " + text, thrown.getCause() != null);
    }
}

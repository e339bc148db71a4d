package org.channelgateway.api;

import org.jspecify.annotations.Nullable;

/**
 * The gateway said no: to a request (RFC 6120 §8.3), to a login (§6.5) or to the stream (§4.9). Nothing was done, unless
 * {@link #outcomeUnknown} is true: of {@code internal-server-error}, which may come half-way; of a {@link #temporary} refusal of
 * a request that was repeated after its connection was lost, as it may have been carried out the first time; of an answer that
 * could not be read ({@code undefined-condition}); and of a request that the gateway ends the stream for ({@code policy-violation},
 * {@code not-well-formed} and such), at last when nothing else was on its way.
 */
public final class RefusedException extends ChannelException {
    private static final long serialVersionUID = 1L;

    /** The defined condition. */
    private final String condition;

    /** What the gateway wrote. */
    private final String text;

    /** Whether a repeat may succeed. */
    private final boolean temporary;

    RefusedException(
            String condition, String text, boolean temporary, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(text.isEmpty() ? condition : condition + ": " + text, outcomeUnknown, cause);
        this.condition = condition;
        this.text = text;
        this.temporary = temporary;
    }

    /**
     * The defined condition, as RFC 6120 spells it: {@code bad-request}, {@code not-allowed}, {@code item-not-found},
     * {@code resource-constraint} or {@code internal-server-error} of a request (§8.3.3); {@code not-authorized} of a login
     * with a wrong name or secret (§6.5.10); {@code host-unknown} of a wrong domain (§4.9.3.6).
     *
     * @return the name of the condition, never empty
     */
    public String condition() {
        return condition;
    }

    /**
     * What the gateway wrote for people: which value it refused, and what it expected.
     *
     * @return the text in English, empty when there is none
     */
    public String text() {
        return text;
    }

    /**
     * Whether the same request may succeed later (error type {@code wait}, RFC 6120 §8.3.2).
     *
     * @return true of {@code resource-constraint} and {@code internal-server-error}
     */
    public boolean temporary() {
        return temporary;
    }

    /** The same, of what may have been carried out before it was refused. */
    RefusedException withUnknownOutcome() {
        return new RefusedException(condition, text, temporary, true, getCause());
    }

    @Override
    RefusedException rethrown() {
        return new RefusedException(condition, text, temporary, outcomeUnknown(), this);
    }
}

package org.channelgateway.bosh;

/** A request that cannot be taken; carries the condition to answer with. */
public final class BoshException extends Exception {
    private static final long serialVersionUID = 1L;

    private final BindingCondition condition;
    private final String sid;

    /** @param sid the session that ends with it; empty when the request names none that could be read */
    BoshException(BindingCondition condition, String sid, String message) {
        super(message);
        this.condition = condition;
        this.sid = sid;
    }

    public BindingCondition condition() {
        return condition;
    }

    /** The session that ends with it; empty when none could be read. */
    public String sid() {
        return sid;
    }
}

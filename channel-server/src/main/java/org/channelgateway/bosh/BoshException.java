package org.channelgateway.bosh;

/** A request that cannot be taken; carries the condition to answer with. */
final class BoshException extends Exception {
    private static final long serialVersionUID = 1L;

    private final BindingCondition condition;

    BoshException(BindingCondition condition, String message) {
        super(message);
        this.condition = condition;
    }

    BindingCondition condition() {
        return condition;
    }
}

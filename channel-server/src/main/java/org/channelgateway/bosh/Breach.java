package org.channelgateway.bosh;

/** How a client broke the rules of its session, which ends with it. */
enum Breach {
    /** Neither within the window nor among the answers that are kept (XEP-0124 §14.2, §14.3). */
    RID(BindingCondition.ITEM_NOT_FOUND, "rid"),
    /** A known rid, and not an exact copy of what came with it (XEP-0124 §14.3). */
    OTHER_PAYLOAD(BindingCondition.ITEM_NOT_FOUND, "other-payload"),
    /** More requests at once than {@code requests} (XEP-0124 §11). */
    TOO_MANY_REQUESTS(BindingCondition.POLICY_VIOLATION, "too-many-requests"),
    /** One request sent again and again while it is held. */
    TOO_MANY_COPIES(BindingCondition.POLICY_VIOLATION, "too-many-copies"),
    /** Empty requests of a polling session in less than {@code polling} (XEP-0124 §12). */
    POLLING_TOO_FAST(BindingCondition.POLICY_VIOLATION, "polling-too-fast"),
    /** More stanzas than a session of its kind may send for long. */
    STANZAS_TOO_FAST(BindingCondition.POLICY_VIOLATION, "stanzas-too-fast"),
    /** A pause above {@code maxpause} (XEP-0124 §10). */
    LONG_PAUSE(BindingCondition.POLICY_VIOLATION, "long-pause"),
    /** More waits for its next request than may. */
    NOT_READING(BindingCondition.POLICY_VIOLATION, "not-reading");

    private final BindingCondition condition;
    private final String reason;

    Breach(BindingCondition condition, String reason) {
        this.condition = condition;
        this.reason = reason;
    }

    BindingCondition condition() {
        return condition;
    }

    /** The word it is counted under. */
    String reason() {
        return reason;
    }
}

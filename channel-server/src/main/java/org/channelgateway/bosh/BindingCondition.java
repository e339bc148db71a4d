package org.channelgateway.bosh;

/** The terminal binding conditions that the gateway sends (XEP-0124 §17.2). */
public enum BindingCondition {
    BAD_REQUEST("bad-request"),
    HOST_UNKNOWN("host-unknown"),
    IMPROPER_ADDRESSING("improper-addressing"),
    INTERNAL_SERVER_ERROR("internal-server-error"),
    ITEM_NOT_FOUND("item-not-found"),
    OTHER_REQUEST("other-request"),
    POLICY_VIOLATION("policy-violation"),
    REMOTE_STREAM_ERROR("remote-stream-error"),
    SYSTEM_SHUTDOWN("system-shutdown");

    private final String wire;

    BindingCondition(String wire) {
        this.wire = wire;
    }

    /** As it stands in a body, and under which it is counted. */
    public String wire() {
        return wire;
    }
}

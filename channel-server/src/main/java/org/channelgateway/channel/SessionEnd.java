package org.channelgateway.channel;

/** Why a token is refused, and why a session of its lease ends; the words are those of Google's API. */
public enum SessionEnd {
    INVALID_TOKEN("Invalid+token.", "invalid-token"),
    TIMED_OUT("Token+timed+out.", "timed-out");

    private final String description;
    private final String reason;

    SessionEnd(String description, String reason) {
        this.description = description;
        this.reason = reason;
    }

    /** The word under which it is counted. */
    public String reason() {
        return reason;
    }

    public String description() {
        return description;
    }
}

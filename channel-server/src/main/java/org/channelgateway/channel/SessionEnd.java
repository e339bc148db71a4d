package org.channelgateway.channel;

/** Why a token is refused, and why a session of its lease ends; the words are those of Google's API. */
public enum SessionEnd {
    INVALID_TOKEN("Invalid+token."),
    TIMED_OUT("Token+timed+out.");

    private final String description;

    SessionEnd(String description) {
        this.description = description;
    }

    public String description() {
        return description;
    }
}

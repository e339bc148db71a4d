package org.channelgateway.api;

/** A password that no text shows. Immutable. */
record Secret(String value) {
    private static final int MAX = 1024;

    /** @param name what the value is called in the refusal */
    static Secret checked(String name, String value) {
        if (value.isEmpty() || value.length() > MAX) {
            throw new IllegalArgumentException(name + ": " + value.length() + " characters (expected: 1.." + MAX + ")");
        }
        if (!value.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException(name + ": … (expected: visible ASCII characters)");
        }
        return new Secret(value);
    }

    @Override
    public String toString() {
        return "…";
    }
}

package org.channelgateway.registry;

/**
 * A PostgreSQL database that several gateways share.
 *
 * @param url as in {@code jdbc:postgresql://127.0.0.1:5432/channels}, without a password
 * @param connections most of this process
 * @param hasLogins true when an outside XMPP server logs clients in with the accounts of this database
 */
public record DatabaseConfig(String url, String user, String password, int connections, boolean hasLogins) {
    private static final String SCHEME = "jdbc:postgresql:";

    public DatabaseConfig {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("url: not one of PostgreSQL (expected: " + SCHEME + "//HOST:PORT/NAME)");
        }
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
        }
    }

    @Override
    public String toString() {
        return "DatabaseConfig[" + user + "]"; // a URL may hold a password, too
    }
}

package org.channelgateway.registry;

/**
 * What logs an account in by SCRAM-SHA-1 without its password, which would take some milliseconds to compute (RFC 5802 §3).
 *
 * @param clientKey proves that the client has the password
 * @param serverKey proves that the server knows it
 */
public record LoginKeys(byte[] clientKey, byte[] serverKey) {
    @Override
    public String toString() {
        return "LoginKeys[…]";
    }
}

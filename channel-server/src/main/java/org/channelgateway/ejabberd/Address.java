package org.channelgateway.ejabberd;

import org.jspecify.annotations.Nullable;

/**
 * The address of who sent a stanza, as the XMPP server stamped it.
 *
 * @param resource empty without one
 */
record Address(String localpart, String domain, String resource) {

    /** Reads one; null when there is no localpart. */
    static @Nullable Address parse(@Nullable String jid) {
        if (jid == null) {
            return null;
        }
        int slash = jid.indexOf('/');
        String bare = slash < 0 ? jid : jid.substring(0, slash);
        int at = bare.indexOf('@');
        if (at < 1) {
            return null;
        }
        return new Address(bare.substring(0, at), bare.substring(at + 1), slash < 0 ? "" : jid.substring(slash + 1));
    }
}

package org.channelgateway.embedded;

import org.apache.vysper.xmpp.addressing.Entity;
import org.jspecify.annotations.Nullable;

/**
 * An address of this server as Vysper wants it. The registry's names need no stringprep; each of Vysper's own addresses goes
 * through it, whose tables take 47 MB and half a second.
 *
 * @param node the localpart; null for the server and its services
 * @param resource null for a bare JID
 */
record LocalJid(
        @Nullable String node, String domain, @Nullable String resource) implements Entity {

    static LocalJid of(String domain) {
        return new LocalJid(null, domain, null);
    }

    @Override
    public @Nullable String getNode() {
        return node;
    }

    @Override
    public String getDomain() {
        return domain;
    }

    @Override
    public @Nullable String getResource() {
        return resource;
    }

    @Override
    public String getFullQualifiedName() {
        return (node == null ? "" : node + "@") + domain + (resource == null ? "" : "/" + resource);
    }

    @Override
    public String getCanonicalizedName() {
        return getFullQualifiedName();
    }

    @Override
    public Entity getBareJID() {
        return resource == null ? this : new LocalJid(node, domain, null);
    }

    @Override
    public boolean isNodeSet() {
        return node != null;
    }

    @Override
    public boolean isResourceSet() {
        return resource != null;
    }
}

package org.channelgateway.registry.xmpp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.SmackException.SmackSaslException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.impl.JidCreate;

/**
 * Whether an account can become another one by naming it when it logs in (RFC 6120 §6.3.8). ejabberd 23.01 lets it, with SASL PLAIN:
 * whoever has one account has them all then, the one that administers included.
 */
public final class ForeignAuthzidCheck {
    /** There need be no such account. */
    private static final String FOREIGN = "authzid-check";

    private final AdministrationConfig config;

    /** @param config the account that logs in, and the nodes */
    public ForeignAuthzidCheck(AdministrationConfig config) {
        this.config = config;
    }

    /**
     * Tries it at one node. Blocks for a few answers.
     *
     * @return empty when no account can become another one, otherwise what was possible and what to do
     * @throws AdministrationException when that was not to be found out, since the account cannot log in
     */
    public Optional<String> run(InetSocketAddress node) {
        // A refusal means something only of an account that may log in, just before and just after it.
        mustLogIn(node);
        for (String mechanism : new String[] {AdministrationStream.PLAIN, AdministrationStream.SCRAM}) {
            String became = became(node, mechanism);
            if (became != null) {
                return Optional.of(
                        "ejabberd at " + node.getHostString() + ":" + node.getPort() + ": the account "
                                + config.localpart() + " became " + became + " by an authzid with SASL " + mechanism
                                + " (expected: a refusal; in ejabberd.yml set disable_sasl_mechanisms: [plain, digest-md5, x-oauth2])");
            }
        }
        mustLogIn(node);
        return Optional.empty();
    }

    private void mustLogIn(InetSocketAddress node) {
        try {
            AdministrationStream.open(config, node).disconnect();
        } catch (IOException | SmackException | XMPPException e) {
            throw failure(node, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The other account that it was then; null when it stayed itself, or was refused. */
    private @Nullable String became(InetSocketAddress node, String mechanism) {
        EntityBareJid foreign = JidCreate.entityBareFromOrThrowUnchecked(FOREIGN + "@" + config.domain());
        try {
            XMPPTCPConnection open = AdministrationStream.open(config, node, mechanism, foreign);
            EntityBareJid bound = open.getUser().asEntityBareJid();
            open.disconnect();
            return bound.getLocalpart().toString().equals(config.localpart()) ? null : bound.toString();
        } catch (SASLErrorException | SmackSaslException e) {
            return null; // refused, or the mechanism is not offered
        } catch (IOException | SmackException | XMPPException e) {
            throw failure(node, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private AdministrationException failure(InetSocketAddress node, Exception cause) {
        return new AdministrationException(
                config.localpart() + "@" + config.domain() + " at " + node.getHostString() + ":" + node.getPort()
                        + ": cannot log in: " + cause,
                cause);
    }

    private static AdministrationException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new AdministrationException("interrupted", cause);
    }
}

package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.channelgateway.gc.ServerSessions;
import org.channelgateway.registry.SessionName;
import org.channelgateway.registry.xmpp.AdministrationConfig;
import org.channelgateway.registry.xmpp.XmppAdministration;

/** The sessions at ejabberd, by the gateways' own account there. Thread-safe. */
public final class EjabberdSessions implements ServerSessions, AutoCloseable {
    /** The localpart of that account. */
    public static final String ADMIN = "adm-gateway";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final XmppAdministration administration;
    private final String domain;

    /** @param ticker nano time */
    public EjabberdSessions(EjabberdConfig config, String domain, LongSupplier ticker) {
        this.administration = new XmppAdministration(administration(config, domain), ticker);
        this.domain = domain;
    }

    /** What logs in as the gateways' own account. */
    static AdministrationConfig administration(EjabberdConfig config, String domain) {
        return AdministrationConfig.of(
                domain,
                ADMIN,
                config.adminSecret(),
                config.nodes().stream().map(EjabberdConfig.Node::c2s).toList());
    }

    @Override
    public void end(Collection<SessionName> sessions) {
        Integer unused = await(administration.endSessions(sessions.stream()
                .map(name -> name.account() + "@" + domain + "/" + name.resource())
                .toList()));
    }

    @Override
    public Collection<SessionName> online() {
        List<SessionName> names = new ArrayList<>();
        for (String jid : await(administration.online())) {
            Address address = Address.parse(jid);
            if (address != null && address.domain().equals(domain)) {
                names.add(new SessionName(address.localpart(), address.resource()));
            }
        }
        return names;
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("ejabberd did not answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        administration.close();
    }
}

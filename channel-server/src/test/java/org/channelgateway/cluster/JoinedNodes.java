package org.channelgateway.cluster;

import java.util.UUID;
import org.channelgateway.LeakWatch;

/** Two nodes of ejabberd on this machine, joined by {@code ejabberdctl}. */
public final class JoinedNodes implements AutoCloseable {
    private final ErlangDistribution firstName;
    private final ErlangDistribution secondName;
    private final EjabberdProcess first;
    private final EjabberdProcess second;

    /** @param config of the first one; the second has other ports */
    public JoinedNodes(EjabberdConfig config) {
        String cookie = UUID.randomUUID().toString().replace("-", "");
        LeakWatch.secret(cookie);
        int port = EjabberdConfig.freePorts(1).get(0);
        firstName = new ErlangDistribution(1, port, cookie);
        secondName = new ErlangDistribution(2, port, cookie);
        first = new EjabberdProcess(config, firstName);
        second = new EjabberdProcess(config.withOtherPorts(), secondName);
        try {
            join();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    public EjabberdProcess first() {
        return first;
    }

    public EjabberdProcess second() {
        return second;
    }

    /** What the first one is called in the cluster. */
    String firstName() {
        return firstName.node();
    }

    /** What the second one is called in the cluster. */
    String secondName() {
        return secondName.node();
    }

    /** Has the second one join the first one. */
    void join() {
        second.join(firstName);
    }

    @Override
    public void close() {
        second.close();
        first.close();
    }
}

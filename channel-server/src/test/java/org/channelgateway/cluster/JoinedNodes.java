package org.channelgateway.cluster;

import java.util.List;
import java.util.Map;
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
        List<Integer> ports = EjabberdConfig.freePorts(5);
        firstName = new ErlangDistribution(1, ports.get(0), cookie);
        secondName = new ErlangDistribution(2, ports.get(0), cookie);
        first = new EjabberdProcess(config, firstName);
        second = new EjabberdProcess(
                config.with(Map.of(
                        "INSIDE_C2S_PORT",
                        ports.get(4).toString(),
                        "C2S_PORT",
                        ports.get(1).toString(),
                        "BOSH_PORT",
                        ports.get(2).toString(),
                        "COMPONENT_PORT",
                        ports.get(3).toString())),
                secondName);
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

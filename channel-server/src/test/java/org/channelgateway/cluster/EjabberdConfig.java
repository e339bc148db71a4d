package org.channelgateway.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.channelgateway.LeakWatch;

/**
 * What is filled into the shipped {@code ejabberd-conf/ejabberd.yml}, as {@code envsubst} would. Immutable.
 *
 * @param variables what stands for each {@code ${NAME}}
 * @param offered mechanisms of SASL that are offered although the shipped file forbids them
 * @param files copied to the folder that ejabberd runs in
 */
public record EjabberdConfig(Map<String, String> variables, Set<String> offered, List<Path> files) {
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 30_000;
    private static final Path TEMPLATE = Path.of("..", "ejabberd-conf", "ejabberd.yml");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)}");

    public EjabberdConfig {
        variables = Map.copyOf(variables);
        offered = Set.copyOf(offered);
        files = List.copyOf(files);
    }

    /** The domain {@code localhost}, free ports, and accounts that ejabberd keeps itself. */
    public static EjabberdConfig internal() {
        List<Integer> ports = freePorts(4);
        String secret = UUID.randomUUID().toString();
        LeakWatch.secret(secret);
        return new EjabberdConfig(
                Map.ofEntries(
                        Map.entry("DOMAIN", "localhost"),
                        Map.entry("C2S_ADDRESS", "127.0.0.1"),
                        Map.entry("INSIDE_ADDRESS", "127.0.0.1"),
                        Map.entry("INSIDE_C2S_PORT", ports.get(3).toString()),
                        Map.entry("C2S_PORT", ports.get(0).toString()),
                        Map.entry("BOSH_PORT", ports.get(1).toString()),
                        Map.entry("COMPONENT_PORT", ports.get(2).toString()),
                        Map.entry("COMPONENT_SECRET", secret),
                        Map.entry("STARTTLS", "false"),
                        Map.entry("TLS_REQUIRED", "false"),
                        Map.entry("CERTFILES", "[]"),
                        Map.entry("AUTH_METHOD", "internal"),
                        Map.entry("SQL_SERVER", "127.0.0.1"),
                        Map.entry("SQL_PORT", "5432"),
                        Map.entry("SQL_DATABASE", ""),
                        Map.entry("SQL_USER", ""),
                        Map.entry("SQL_PASSWORD", "")),
                Set.of(),
                List.of());
    }

    /** The same, with the accounts of a database; the role must find the view of accounts in its search path. */
    public EjabberdConfig withAccountsIn(InetSocketAddress database, String name, String user, String password) {
        LeakWatch.secret(password);
        return with(Map.of(
                "AUTH_METHOD",
                "sql",
                "SQL_SERVER",
                database.getAddress().getHostAddress(),
                "SQL_PORT",
                String.valueOf(database.getPort()),
                "SQL_DATABASE",
                name,
                "SQL_USER",
                user,
                "SQL_PASSWORD",
                password));
    }

    /** The same with some variables changed. */
    public EjabberdConfig with(Map<String, String> changes) {
        Map<String, String> changed = new HashMap<>(variables);
        changed.putAll(changes);
        return new EjabberdConfig(changed, offered, files);
    }

    /** The same with clients that must use TLS. */
    public EjabberdConfig requiringTls(Path certificate, Path key) {
        String names = "[\"" + certificate.getFileName() + "\", \"" + key.getFileName() + "\"]";
        EjabberdConfig tls = with(Map.of("CERTFILES", names, "STARTTLS", "true", "TLS_REQUIRED", "true"));
        return new EjabberdConfig(tls.variables, offered, List.of(certificate, key));
    }

    /** For another one beside it. */
    public EjabberdConfig withOtherPorts() {
        List<Integer> ports = freePorts(4);
        return with(Map.of(
                "C2S_PORT", ports.get(0).toString(),
                "BOSH_PORT", ports.get(1).toString(),
                "COMPONENT_PORT", ports.get(2).toString(),
                "INSIDE_C2S_PORT", ports.get(3).toString()));
    }

    /** The same, and as unsafe as ejabberd is when nobody forbids it. */
    public EjabberdConfig offeringPlain() {
        return new EjabberdConfig(variables, Set.of("plain"), files);
    }

    /**
     * Ports that nobody has, outside the range of those that the system gives to connections: an ejabberd that was killed has to find
     * its ports free when it comes back, although others try to connect to them all the time.
     */
    static List<Integer> freePorts(int count) {
        Set<Integer> ports = new LinkedHashSet<>();
        while (ports.size() < count) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                ports.add(socket.getLocalPort());
            } catch (IOException e) {
                // taken: another one
            }
        }
        return List.copyOf(ports);
    }

    String render() {
        try {
            String template = Files.readString(TEMPLATE);
            for (String mechanism : offered) {
                template = template.replace("[" + mechanism + ", ", "[");
            }
            return VARIABLE.matcher(template).replaceAll(found -> Matcher.quoteReplacement(value(found.group(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String value(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": missing (expected: a value for ejabberd.yml)");
        }
        return value;
    }

    private int port(String name) {
        return Integer.parseInt(value(name));
    }

    String domain() {
        return value("DOMAIN");
    }

    String componentSecret() {
        return value("COMPONENT_SECRET");
    }

    int c2sPort() {
        return port("C2S_PORT");
    }

    int insideC2sPort() {
        return port("INSIDE_C2S_PORT");
    }

    int boshPort() {
        return port("BOSH_PORT");
    }

    int componentPort() {
        return port("COMPONENT_PORT");
    }
}

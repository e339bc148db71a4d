package org.channelgateway.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.jspecify.annotations.Nullable;

/** Reads {@code backend} and the section {@code ejabberd}. */
final class EjabberdLoader {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
    private static final int QUEUED_BYTES = 32 << 20;

    private EjabberdLoader() {}

    /** @return null when the XMPP server is the embedded one */
    static @Nullable EjabberdConfig load(SettingsTree root) throws ConfigException {
        String backend = root.text("backend", "embedded");
        SettingsTree tree = root.section("ejabberd");
        return switch (backend) {
            case "embedded" -> {
                tree.refuseUnknown();
                yield null;
            }
            case "ejabberd" -> ejabberd(tree);
            default ->
                throw new ConfigException(root.path("backend") + ": " + backend + " (expected: embedded or ejabberd)");
        };
    }

    private static EjabberdConfig ejabberd(SettingsTree tree) throws ConfigException {
        String component = AppsLoader.secret(tree, "componentSecret").value();
        String admin = AppsLoader.secret(tree, "adminSecret").value();
        int queued = tree.integer("maxQueuedBytes", QUEUED_BYTES, 1 << 20, 1 << 30);
        List<EjabberdConfig.Node> nodes = nodes(tree.section("nodes"));
        tree.refuseUnknown();
        return new EjabberdConfig(nodes, component, admin, queued);
    }

    private static List<EjabberdConfig.Node> nodes(SettingsTree tree) throws ConfigException {
        List<EjabberdConfig.Node> nodes = new ArrayList<>();
        for (String name : tree.names()) {
            if (!NAME.matcher(name).matches()) {
                throw new ConfigException(tree.path(name) + ": the name (expected: 1..32 of a-z, 0-9 and -)");
            }
            nodes.add(node(name, tree.section(name)));
        }
        if (nodes.isEmpty()) {
            throw new ConfigException("ejabberd.nodes: none (expected: at least one, with bosh, component and c2s)");
        }
        return nodes;
    }

    private static EjabberdConfig.Node node(String name, SettingsTree tree) throws ConfigException {
        EjabberdConfig.Node node = new EjabberdConfig.Node(
                name, bosh(tree, required(tree, "bosh")), address(tree, "component"), address(tree, "c2s"));
        tree.refuseUnknown();
        return node;
    }

    private static String required(SettingsTree tree, String name) throws ConfigException {
        String text = tree.text(name);
        if (text == null) {
            throw new ConfigException(tree.path(name) + ": missing (expected: where this node has it)");
        }
        return text;
    }

    private static InetSocketAddress address(SettingsTree tree, String name) throws ConfigException {
        CommandLine.Address address = CommandLine.address(tree.path(name), required(tree, name));
        return InetSocketAddress.createUnresolved(address.host(), address.port());
    }

    private static URI bosh(SettingsTree tree, String text) throws ConfigException {
        try {
            URI uri = new URI(text);
            if ("http".equalsIgnoreCase(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawPath().startsWith("/")) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new ConfigException(tree.path("bosh") + ": " + text
                + " (expected: the http URL of its mod_bosh, as in http://127.0.0.1:5280/http-bind)");
    }
}

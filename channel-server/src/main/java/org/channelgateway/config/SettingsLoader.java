package org.channelgateway.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.channelgateway.bosh.BoshConfig;
import org.channelgateway.c2s.C2sConfig;
import org.channelgateway.callback.CallbackConfig;
import org.channelgateway.config.Settings.App;
import org.channelgateway.config.Settings.Dev;
import org.channelgateway.config.Settings.Http;
import org.channelgateway.config.Settings.Login;
import org.channelgateway.config.Settings.Secret;
import org.channelgateway.config.Settings.Shutdown;
import org.channelgateway.config.Settings.Xmpp;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.channelgateway.http.TrustedProxies;
import org.jspecify.annotations.Nullable;

/** Reads the settings: command line over environment over YAML file over defaults. */
public final class SettingsLoader {
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?");
    private static final CommandLine.Address ADMIN = new CommandLine.Address("127.0.0.1", 8081);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private SettingsLoader() {}

    public static Settings load(CommandLine line, Map<String, String> environment) throws ConfigException {
        SettingsTree root = new SettingsTree("", yaml(line.config()), environment);
        Path data = root.file("data");
        SettingsTree boshTree = root.section("bosh");
        Login login = login(boshTree);
        BoshConfig bosh = bosh(boshTree);
        Map<String, App> apps = AppsLoader.load(root.section("apps"));
        EjabberdConfig ejabberd = EjabberdLoader.load(root);
        Settings settings = new Settings(
                http(root.section("http"), line),
                xmpp(root.section("xmpp"), line),
                data(line.data() == null ? data : line.data()),
                bosh,
                login,
                apps,
                LimitsLoader.load(root.section("limits"), apps.size()),
                callbacks(root.section("callbacks")),
                shutdown(root.section("shutdown")),
                DatabaseLoader.load(root.section("database"), ejabberd != null),
                ejabberd);
        root.refuseUnknown();
        return settings;
    }

    private static Path data(@Nullable Path given) throws ConfigException {
        Path data = given == null ? Path.of("data") : given;
        if (data.toAbsolutePath().toString().contains(";")) {
            throw new ConfigException("data: " + data + " (expected: a path without ;)");
        }
        return data;
    }

    private static JsonNode yaml(@Nullable Path file) throws ConfigException {
        if (file == null) {
            return SettingsTree.empty();
        }
        try {
            String text = Files.readString(file);
            return YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // a second document
                    .build()
                    .readTree(text);
        } catch (JsonProcessingException e) {
            String[] lines = e.getOriginalMessage().split("\n", 2);
            String where =
                    e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr() + ",";
            throw new ConfigException(file + ":" + where + " " + lines[0] + " (expected: YAML)");
        } catch (IOException e) {
            throw new ConfigException("--config: " + file + " (expected: a file that can be read, in UTF-8)");
        }
    }

    private static String host(SettingsTree tree) throws ConfigException {
        String host = tree.text("host", "127.0.0.1");
        if (host.isBlank()) {
            throw new ConfigException(tree.path("host") + ": empty (expected: a host name or an address)");
        }
        return host;
    }

    private static Http http(SettingsTree tree, CommandLine line) throws ConfigException {
        String host = host(tree);
        int port = tree.integer("port", 8080, 0, 65535);
        Secret metrics = tree.string("metricsSecret") == null ? null : AppsLoader.secret(tree, "metricsSecret");
        Dev dev = dev(tree);
        URI app = application(tree, line);
        CommandLine.Address admin = admin(tree, app != null);
        TrustedProxies proxies = proxies(tree);
        tree.refuseUnknown();
        CommandLine.Address given = line.http();
        return new Http(
                given == null ? host : given.host(),
                given == null ? port : given.port(),
                metrics,
                dev,
                admin,
                app,
                proxies);
    }

    private static TrustedProxies proxies(SettingsTree tree) throws ConfigException {
        try {
            return TrustedProxies.of(tree.texts("trustedProxies"));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(tree.path("trustedProxies") + ": " + e.getMessage());
        }
    }

    private static @Nullable URI application(SettingsTree tree, CommandLine line) throws ConfigException {
        String app = tree.text("app");
        URI set = app == null ? null : CommandLine.application(tree.path("app"), app);
        return line.app() == null ? set : line.app();
    }

    private static CommandLine.@Nullable Address admin(SettingsTree tree, boolean isShared) throws ConfigException {
        String admin = tree.text("admin");
        if (admin == null) {
            return isShared ? ADMIN : null;
        }
        return CommandLine.address(tree.path("admin"), admin);
    }

    private static Dev dev(SettingsTree tree) throws ConfigException {
        String dev = tree.text("dev");
        if (dev == null) {
            return Dev.THIS_MACHINE;
        }
        return switch (dev) {
            case "true" -> Dev.ANYBODY;
            case "false" -> Dev.NOBODY;
            default ->
                throw new ConfigException(tree.path("dev") + ": " + dev
                        + " (expected: true or false; without it clients of this machine may, on loopback)");
        };
    }

    private static Xmpp xmpp(SettingsTree tree, CommandLine line) throws ConfigException {
        String domain = tree.text("domain", "localhost").toLowerCase(Locale.ROOT);
        if (!DOMAIN.matcher(domain).matches()) {
            throw new ConfigException(tree.path("domain") + ": " + domain + " (expected: a domain name)");
        }
        C2sConfig c2s = c2s(tree, line);
        tree.refuseUnknown();
        if (c2s.certificate() == null && !Loopback.is(c2s.host())) {
            throw new ConfigException(
                    tree.path("host") + ": " + c2s.host()
                            + " (expected: 127.0.0.1, or xmpp.tls with a certificate and a key: secrets would travel in the clear)");
        }
        return new Xmpp(domain, c2s);
    }

    private static C2sConfig c2s(SettingsTree tree, CommandLine line) throws ConfigException {
        String host = host(tree);
        int port = tree.integer("port", 5222, 0, 65535);
        CommandLine.Address given = line.xmpp();
        SettingsTree tls = tree.section("tls");
        Path certificate = tls.file("certificate");
        Path key = tls.file("key");
        tls.refuseUnknown();
        if ((certificate == null) != (key == null)) {
            throw new ConfigException(
                    tls.path(key == null ? "key" : "certificate") + ": missing (expected: both, or none)");
        }
        return new C2sConfig(
                given == null ? host : given.host(),
                given == null ? port : given.port(),
                certificate,
                key,
                tree.integer("maxStanzaBytes", 256 * 1024, 16 * 1024, 1 << 24),
                tree.integer("maxQueuedStanzas", 1000, 16, 100_000),
                tree.integer("maxQueuedBytes", 1 << 20, 1024, 1 << 26),
                tree.duration("loginTime", Duration.ofSeconds(30), SECOND, Duration.ofMinutes(10)),
                tree.duration("idle", Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(24)));
    }

    private static BoshConfig bosh(SettingsTree tree) throws ConfigException {
        BoshConfig bosh = new BoshConfig(
                tree.duration("wait", Duration.ofSeconds(60), SECOND, Duration.ofSeconds(300)),
                tree.integer("hold", 1, 1, 2),
                tree.duration("inactivity", Duration.ofSeconds(150), SECOND, Duration.ofHours(1)),
                tree.integer("maxBodyBytes", 64 * 1024, 1024, 1 << 20),
                tree.integer("maxQueuedStanzas", 1000, 1, 100_000),
                tree.integer("maxQueuedBytes", 1 << 20, 1024, 1 << 26));
        tree.refuseUnknown();
        return bosh;
    }

    private static CallbackConfig callbacks(SettingsTree tree) throws ConfigException {
        CallbackConfig unset = CallbackConfig.DEFAULT;
        CallbackConfig callbacks = new CallbackConfig(
                tree.duration("grace", unset.grace(), Duration.ZERO, Duration.ofMinutes(10)),
                tree.duration("timeout", unset.timeout(), SECOND, Duration.ofMinutes(10)),
                tree.integer("attempts", unset.attempts(), 1, 20),
                tree.integer("atOnce", unset.atOnce(), 1, 1000),
                tree.duration("kept", unset.kept(), Duration.ofMinutes(1), Duration.ofDays(7)),
                tree.integer("messagesPerSecond", unset.messagesPerSecond(), 1, 100_000));
        tree.refuseUnknown();
        return callbacks;
    }

    private static Shutdown shutdown(SettingsTree tree) throws ConfigException {
        Shutdown shutdown = new Shutdown(
                tree.duration("spread", Duration.ofSeconds(5), Duration.ZERO, Duration.ofMinutes(10)),
                tree.duration("limit", Duration.ofSeconds(15), SECOND, Duration.ofMinutes(15)));
        tree.refuseUnknown();
        if (shutdown.limit().compareTo(shutdown.spread()) <= 0) {
            throw new ConfigException(tree.path("limit") + ": "
                    + shutdown.limit().toSeconds() + "s (expected: more than shutdown.spread, "
                    + shutdown.spread().toSeconds() + "s)");
        }
        return shutdown;
    }

    private static Login login(SettingsTree tree) throws ConfigException {
        String login = tree.text("login", "open");
        return switch (login) {
            case "open" -> Login.OPEN;
            case "connect" -> Login.CONNECT;
            default -> throw new ConfigException(tree.path("login") + ": " + login + " (expected: open or connect)");
        };
    }
}

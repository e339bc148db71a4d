package org.channelgateway.server;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.channelgateway.api.http.AppSecrets;
import org.channelgateway.callback.CallbackTarget;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Loopback;
import org.channelgateway.config.Settings;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.channelgateway.ejabberd.EjabberdSessions;
import org.channelgateway.registry.AccountKind;
import org.channelgateway.registry.Accounts;
import org.channelgateway.registry.Registry;
import org.jspecify.annotations.Nullable;

/**
 * The applications of the settings; without any, the app {@code demo} on loopback.
 *
 * @param secretByApp never logged
 * @param demoSecretFile where the secret of the app {@code demo} is kept; null when the settings name apps
 */
record Apps(
        Map<String, String> secretByApp,
        Map<String, List<String>> origins,
        @Nullable Path demoSecretFile) {
    static final String DEMO = "demo";
    private static final int SECRET_BYTES = 24;

    static Apps of(Settings settings) throws ConfigException {
        if (settings.apps().isEmpty()) {
            return demo(settings);
        }
        Map<String, String> secrets = new HashMap<>();
        Map<String, List<String>> origins = new HashMap<>();
        settings.apps().forEach((name, app) -> {
            secrets.put(name, app.secret().value());
            origins.put(name, app.origins());
        });
        return new Apps(secrets, origins, null);
    }

    /** Where the applications are called back that want it; the app {@code demo} is the one behind the gateway. */
    Map<String, CallbackTarget> callbacks(Settings settings) {
        Map<String, CallbackTarget> targets = new HashMap<>();
        settings.apps().forEach((name, app) -> {
            if (app.callback() != null) {
                targets.put(
                        name, new CallbackTarget(app.callback(), app.secret().value(), app.presence()));
            }
        });
        URI behind = settings.http().app();
        String secret = secretByApp.get(DEMO);
        if (demoSecretFile != null && behind != null && secret != null) {
            targets.put(DEMO, new CallbackTarget(behind, secret, true));
        }
        return targets;
    }

    AppSecrets secrets() throws ConfigException {
        try {
            return new AppSecrets(secretByApp);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Takes the accounts of apps that are no more; returns the names of the apps. Not for each gateway of several: one with older
     * settings would take what one with newer settings has made.
     */
    List<String> removeOthers(Accounts accounts) {
        List<String> others = accounts.localparts(AccountKind.APP).stream()
                .map(AccountKind.APP::name)
                .filter(app -> !secretByApp.containsKey(app))
                .toList();
        others.forEach(app -> accounts.remove(AccountKind.APP.localpart(app)));
        return others;
    }

    /**
     * Gives each app its account, with the secret that it has now.
     *
     * @param hasLogins true when another server logs in with them, which may not have what it needs for that
     */
    private void register(Accounts accounts, boolean hasLogins, Instant now) {
        secretByApp.forEach((app, secret) -> {
            String localpart = AccountKind.APP.localpart(app);
            if (hasLogins
                    || accounts.find(localpart)
                            .filter(account -> account.secret().matches(secret))
                            .isEmpty()) {
                accounts.put(localpart, AccountKind.APP, secret, now);
            }
        });
    }

    /**
     * The same, and the account of the gateways themselves at another server.
     *
     * @param ejabberd null for the embedded server, which needs none
     */
    void provide(@Nullable EjabberdConfig ejabberd, Registry registry) {
        Instant now = registry.time().instant();
        register(registry.accounts(), ejabberd != null, now);
        if (ejabberd != null) {
            registry.accounts().put(EjabberdSessions.ADMIN, AccountKind.ADMIN, ejabberd.adminSecret(), now);
        }
    }

    @Override
    public String toString() {
        return "Apps" + secretByApp.keySet();
    }

    private static Apps demo(Settings settings) throws ConfigException {
        String host = settings.http().host();
        if (!Loopback.is(host)) {
            throw new ConfigException("apps: none, and http.host is " + host
                    + " (expected: at least one app with a secret, or http.host 127.0.0.1)");
        }
        CommandLine.Address admin = settings.http().admin();
        if (admin != null && !Loopback.is(admin.host())) {
            throw new ConfigException("apps: none, and http.admin is " + admin.host() + ":" + admin.port()
                    + " (expected: at least one app with a secret, or http.admin 127.0.0.1:8081)");
        }
        Path file = settings.data().resolve("demo.secret");
        return new Apps(Map.of(DEMO, demoSecret(file)), Map.of(), file);
    }

    /** Reads the secret, or makes it at the first start. */
    private static String demoSecret(Path file) throws ConfigException {
        try {
            if (!Files.exists(file)) {
                byte[] bytes = new byte[SECRET_BYTES];
                new SecureRandom().nextBytes(bytes);
                String made = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
                Path folder = file.toAbsolutePath().getParent();
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, made + "\n", StandardOpenOption.WRITE);
            }
            String secret = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (secret.isEmpty()) {
                throw new ConfigException(file + ": empty (expected: a secret; remove the file to get a new one)");
            }
            return secret;
        } catch (IOException e) {
            throw new ConfigException("data: " + file + " cannot be read or made (expected: a folder of this user)");
        }
    }

    Set<String> allOrigins() {
        Set<String> all = new HashSet<>();
        origins.values().forEach(all::addAll);
        return all;
    }
}

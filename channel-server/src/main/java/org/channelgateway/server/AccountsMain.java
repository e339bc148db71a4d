package org.channelgateway.server;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.channelgateway.config.AccountsCommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.config.SettingsLoader;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryException;

/**
 * {@code ./gateway accounts}: gives the applications of the settings, and the gateways themselves, their accounts in the database that
 * gateways share, with the secrets that the settings have now; makes the tables when there are none. A gateway does the same when it
 * starts. It may run beside gateways.
 */
public final class AccountsMain {
    private static final int BAD_SETTINGS = 2;
    private static final int FAILED = 1;

    private AccountsMain() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (List.of(args).contains("--help")) {
            out.println(AccountsCommandLine.USAGE);
            return;
        }
        try {
            out.println(provide(SettingsLoader.load(AccountsCommandLine.parse(args), System.getenv())));
        } catch (ConfigException e) {
            System.err.println("gateway accounts: " + e.getMessage());
            System.exit(BAD_SETTINGS);
        } catch (RegistryException e) {
            System.err.println("gateway accounts: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    /** Returns what to say of it. */
    static String provide(Settings settings) throws ConfigException {
        if (settings.apps().isEmpty()) {
            throw new ConfigException("apps: none (expected: those that are to have an account)");
        }
        Apps apps = Apps.of(settings);
        try (Registry registry = Registry.openShared(SharedDatabase.config(settings))) {
            apps.provide(settings.ejabberd(), registry);
        }
        String gateways = settings.ejabberd() == null ? "" : ", and for the gateways";
        return "accounts for the applications " + new TreeSet<>(settings.apps().keySet()) + gateways;
    }
}

package org.channelgateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was given to {@code ./gateway gc}.
 *
 * @param settings where the settings are
 * @param once one run instead of one each minute
 * @param reconcile compares the sessions of the registry with those at the XMPP server, once
 * @param apply changes what does not agree
 * @param forgetApps removes the accounts of applications that the settings do not name, and what waits for them, once
 */
public record GcCommandLine(CommandLine settings, boolean once, boolean reconcile, boolean apply, boolean forgetApps) {
    public static final String USAGE =
            "usage: ./gateway gc [--config FILE] [--once | --reconcile [--apply] | --forget-apps]";

    public static GcCommandLine parse(String... args) throws ConfigException {
        boolean once = false;
        boolean reconcile = false;
        boolean apply = false;
        boolean forgetApps = false;
        List<String> others = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--once" -> once = true;
                case "--reconcile" -> reconcile = true;
                case "--apply" -> apply = true;
                case "--forget-apps" -> forgetApps = true;
                case "--config" -> {
                    others.add(args[i]);
                    i++;
                    if (i < args.length) {
                        others.add(args[i]);
                    }
                }
                default -> throw new ConfigException(args[i] + ": unknown option (expected: " + USAGE + ")");
            }
        }
        if (apply && !reconcile) {
            throw new ConfigException("--apply: not with these (expected: " + USAGE + ")");
        }
        if (Stream.of(once, reconcile, forgetApps).filter(given -> given).count() > 1) {
            throw new ConfigException("--once, --reconcile, --forget-apps: more than one (expected: " + USAGE + ")");
        }
        return new GcCommandLine(CommandLine.parse(others.toArray(String[]::new)), once, reconcile, apply, forgetApps);
    }
}

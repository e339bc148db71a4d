package org.channelgateway.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What was given to {@code ./gateway gc}.
 *
 * @param settings where the settings are
 * @param once one run instead of one each minute
 * @param reconcile compares the sessions of the registry with those at the XMPP server, once
 * @param apply changes what does not agree
 */
public record GcCommandLine(CommandLine settings, boolean once, boolean reconcile, boolean apply) {
    public static final String USAGE = "usage: ./gateway gc [--config FILE] [--once | --reconcile [--apply]]";

    public static GcCommandLine parse(String... args) throws ConfigException {
        boolean once = false;
        boolean reconcile = false;
        boolean apply = false;
        List<String> others = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--once" -> once = true;
                case "--reconcile" -> reconcile = true;
                case "--apply" -> apply = true;
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
        if ((once && reconcile) || (apply && !reconcile)) {
            throw new ConfigException((apply ? "--apply" : "--once") + ": not with these (expected: " + USAGE + ")");
        }
        return new GcCommandLine(CommandLine.parse(others.toArray(String[]::new)), once, reconcile, apply);
    }
}

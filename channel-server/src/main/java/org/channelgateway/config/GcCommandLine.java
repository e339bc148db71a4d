package org.channelgateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was given to {@code ./gateway gc}.
 *
 * @param settings where the settings are
 * @param once one run instead of one again and again
 * @param every the time between the end of a run and the next one
 * @param reconcile compares the sessions of the registry with those at the XMPP server, once
 * @param apply changes what does not agree
 * @param forgetApps removes the accounts of applications that the settings do not name, and what waits for them, once
 */
public record GcCommandLine(
        CommandLine settings, boolean once, Duration every, boolean reconcile, boolean apply, boolean forgetApps) {
    public static final String USAGE =
            "usage: ./gateway gc [--config FILE] [--once | --every SECONDS | --reconcile [--apply] | --forget-apps]";

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,3}");

    public static GcCommandLine parse(String... args) throws ConfigException {
        boolean once = false;
        @Nullable Duration every = null;
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
                case "--every" -> {
                    i++;
                    every = seconds(i < args.length ? args[i] : "");
                }
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
            throw new ConfigException("--apply: not without --reconcile (expected: " + USAGE + ")");
        }
        if (Stream.of(once, every != null, reconcile, forgetApps)
                        .filter(given -> given)
                        .count()
                > 1) {
            throw new ConfigException(
                    "--once, --every, --reconcile, --forget-apps: more than one (expected: " + USAGE + ")");
        }
        return new GcCommandLine(
                CommandLine.parse(others.toArray(String[]::new)),
                once,
                every == null ? MINUTE : every,
                reconcile,
                apply,
                forgetApps);
    }

    private static Duration seconds(String text) throws ConfigException {
        if (!SECONDS.matcher(text).matches()) {
            throw new ConfigException("--every: " + text + " (expected: 1..9999 seconds)");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }
}

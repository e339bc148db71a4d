package org.channelgateway.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What was given to {@code ./gateway gc}.
 *
 * @param settings where the settings are
 * @param once one run instead of one each minute
 */
public record GcCommandLine(CommandLine settings, boolean once) {
    public static final String USAGE = "usage: ./gateway gc [--config FILE] [--once]";

    public static GcCommandLine parse(String... args) throws ConfigException {
        boolean once = false;
        List<String> others = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--once" -> once = true;
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
        return new GcCommandLine(CommandLine.parse(others.toArray(String[]::new)), once);
    }
}

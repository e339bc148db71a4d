package org.channelgateway.config;

/** What was given to {@code ./gateway accounts}. */
public final class AccountsCommandLine {
    public static final String USAGE = "usage: ./gateway accounts [--config FILE]";

    private AccountsCommandLine() {}

    /** Where the settings are. */
    public static CommandLine parse(String... args) throws ConfigException {
        boolean isKnown = args.length == 0 || (args.length == 2 && args[0].equals("--config"));
        if (!isKnown) {
            throw new ConfigException(String.join(" ", args) + ": unknown options (expected: " + USAGE + ")");
        }
        return CommandLine.parse(args);
    }
}

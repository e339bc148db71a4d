package org.channelgateway.config;

/** A setting that stops the start; the message is one line that names it, its value and what was expected. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}

package org.channelgateway.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Where the gateway is, which application this is, and how long and for how much to wait. Immutable. */
public final class ChannelConfig {
    private static final String URL_VARIABLE = "CHANNEL_URL";
    private static final String SECRET_VARIABLE = "CHANNEL_SECRET";

    private final GatewayUrl url;
    private final Secret secret;
    private final Duration timeout;
    private final Duration connectTimeout;
    private final Duration silence;
    private final int maxWaitingCalls;
    private final long maxWaitingBytes;
    private final @Nullable X509TrustManager trustManager;

    private ChannelConfig(Builder builder) {
        this.url = builder.url;
        this.secret = builder.secret;
        this.timeout = builder.timeout;
        this.connectTimeout = builder.connectTimeout;
        this.silence = builder.silence;
        this.maxWaitingCalls = builder.maxWaitingCalls;
        this.maxWaitingBytes = builder.maxWaitingBytes;
        this.trustManager = builder.trustManager;
    }

    /**
     * The start of a configuration.
     *
     * @param url {@code xmpp://guestbook@gateway.example:5222?domain=example.org&tls=required}: the application's name as in
     *     the gateway's settings, which logs in as {@code app-guestbook@example.org}; the host; the port, 5222 when left out;
     *     the XMPP domain, by default the host, or {@code localhost} of a loopback host; {@code tls=required} or, for a
     *     loopback host only, where it is the default, {@code tls=disabled}
     * @param secret the application's secret: 1 to 1024 visible ASCII characters
     * @return a builder in which everything else has its default
     * @throws IllegalArgumentException if one of them is not so; the text never shows the secret
     */
    public static Builder builder(String url, String secret) {
        return new Builder("url", url, "secret", secret);
    }

    /**
     * The configuration in the system properties or else the environment: {@code CHANNEL_URL} and {@code CHANNEL_SECRET}, in
     * the form that {@link #builder} takes.
     *
     * @return the configuration, with the default for everything else
     * @throws IllegalArgumentException if one of them is missing or wrong; the text names it and never shows the secret
     */
    public static ChannelConfig fromEnvironment() {
        return from(name -> {
                    String property = System.getProperty(name);
                    return property == null ? System.getenv(name) : property;
                })
                .build();
    }

    static Builder from(UnaryOperator<@Nullable String> variables) {
        return new Builder(
                URL_VARIABLE,
                present(variables, URL_VARIABLE, "xmpp://APP@HOST:PORT"),
                SECRET_VARIABLE,
                present(variables, SECRET_VARIABLE, "the secret of the app"));
    }

    private static String present(UnaryOperator<@Nullable String> variables, String name, String expected) {
        String value = variables.apply(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": missing (expected: " + expected + ")");
        }
        return value;
    }

    GatewayUrl url() {
        return url;
    }

    Secret secret() {
        return secret;
    }

    Duration timeout() {
        return timeout;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    Duration silence() {
        return silence;
    }

    int maxWaitingCalls() {
        return maxWaitingCalls;
    }

    long maxWaitingBytes() {
        return maxWaitingBytes;
    }

    Optional<X509TrustManager> trustManager() {
        return Optional.ofNullable(trustManager);
    }

    /** Whether all of it is the same; a trust manager is like no other one unless it says so. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChannelConfig config && values().equals(config.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    private List<Object> values() {
        return List.of(url, secret, timeout, connectTimeout, silence, maxWaitingCalls, maxWaitingBytes, trustManager());
    }

    /** The URL, without the secret. */
    @Override
    public String toString() {
        return "ChannelConfig[" + url + "]";
    }

    /** Makes a {@link ChannelConfig}. Confined to the thread that uses it. */
    public static final class Builder {
        private static final Duration MILLISECOND = Duration.ofMillis(1);
        private static final Duration SECOND = Duration.ofSeconds(1);
        private static final Duration DAY = Duration.ofDays(1);

        private final GatewayUrl url;
        private final Secret secret;
        private Duration timeout = Duration.ofSeconds(30);
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration silence = Duration.ofSeconds(20);
        private int maxWaitingCalls = 10_000;
        private long maxWaitingBytes = 64L << 20;
        private @Nullable X509TrustManager trustManager;

        private Builder(String urlName, String url, String secretName, String secret) {
            this.url = GatewayUrl.parse(urlName, Objects.requireNonNull(url, urlName));
            this.secret = Secret.checked(secretName, Objects.requireNonNull(secret, secretName));
        }

        /**
         * How long a request may take, from the call to the result, over reconnects.
         *
         * @param timeout 1 ms to 24 hours; 30 seconds when not set
         * @return this
         */
        public Builder timeout(Duration timeout) {
            this.timeout = checked("timeout", timeout, MILLISECOND);
            return this;
        }

        /**
         * How long the making of a connection may take, with TLS and login. When the host has several addresses, they share it:
         * each one that does not answer costs its part, at least a second. The one that answered last is the first to be tried.
         *
         * @param connectTimeout 1 ms to 24 hours; 10 seconds when not set
         * @return this
         */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = checked("connectTimeout", connectTimeout, MILLISECOND);
            return this;
        }

        /**
         * How long the gateway may be silent before the connection is taken for lost; after half of it, it is asked for a sign
         * of life (XEP-0199). A cut network that nobody tells of is noticed after this time.
         *
         * @param silence 1 second to 24 hours; 20 seconds when not set
         * @return this
         */
        public Builder silence(Duration silence) {
            this.silence = checked("silence", silence, SECOND);
            return this;
        }

        /**
         * How many requests may wait for their result at once; what comes on top gets an {@link OverloadedException}.
         *
         * @param maxWaitingCalls at least 1; 10,000 when not set
         * @return this
         */
        public Builder maxWaitingCalls(int maxWaitingCalls) {
            this.maxWaitingCalls = (int) checked("maxWaitingCalls", maxWaitingCalls);
            return this;
        }

        /**
         * How many bytes the requests that wait for their result may have together, in UTF-8; what comes on top gets an
         * {@link OverloadedException}.
         *
         * @param maxWaitingBytes at least 1; 64 MiB when not set
         * @return this
         */
        public Builder maxWaitingBytes(long maxWaitingBytes) {
            this.maxWaitingBytes = checked("maxWaitingBytes", maxWaitingBytes);
            return this;
        }

        /**
         * Whom to trust with {@code tls=required}. The gateway's certificate must be valid for the XMPP domain (RFC 6120
         * §13.7.1.2).
         *
         * @param trustManager judges the certificate; when not set, the JVM does by its own trust store
         * @return this
         */
        public Builder trustManager(X509TrustManager trustManager) {
            this.trustManager = Objects.requireNonNull(trustManager, "trustManager");
            return this;
        }

        /**
         * The configuration.
         *
         * @return a configuration that later changes of this builder do not touch
         */
        public ChannelConfig build() {
            return new ChannelConfig(this);
        }

        private static Duration checked(String name, Duration value, Duration least) {
            if (value.compareTo(least) < 0 || value.compareTo(DAY) > 0) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + ".." + DAY + ")");
            }
            return value;
        }

        private static long checked(String name, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
            }
            return value;
        }
    }
}

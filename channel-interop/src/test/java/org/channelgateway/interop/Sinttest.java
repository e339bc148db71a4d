package org.channelgateway.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.igniterealtime.smack.inttest.Configuration;
import org.igniterealtime.smack.inttest.SmackIntegrationTestFramework;
import org.igniterealtime.smack.inttest.SmackIntegrationTestFramework.TestRunResult;
import org.igniterealtime.smack.inttest.XmppConnectionDescriptor;
import org.igniterealtime.smack.inttest.XmppConnectionManager;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SASLAuthentication;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPConnectionRegistry;
import org.jivesoftware.smack.c2s.ModularXmppClientToServerConnection;
import org.jivesoftware.smack.c2s.ModularXmppClientToServerConnectionConfiguration;
import org.jivesoftware.smack.compression.CompressionModuleDescriptor;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.iqregister.AccountManager;
import org.jspecify.annotations.Nullable;

/** Runs the Smack Integration Test Framework, which is made of static state, once in a JVM. */
final class Sinttest {
    /** How long a test waits for what must not come: a stanza from another account. */
    private static final Duration TEST = Duration.ofMillis(500);
    /** How long a request waits for its answer. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final Path LOG = Path.of("target", "sinttest.log");

    private static @Nullable GatewayProcess gateway;

    private Sinttest() {}

    /** The gateway under test; null before {@link #run}. */
    static @Nullable GatewayProcess gateway() {
        return gateway;
    }

    /** Runs the tests of the framework and those of this package. */
    static TestRunResult run(GatewayProcess under) throws Exception {
        gateway = under;
        log();
        SASLAuthentication.registerSASLMechanism(new ChannelPlain());
        AccountManager.sensitiveOperationOverInsecureConnectionDefault(true); // nothing is sent
        connections(under.xmppPort());
        XMPPConnectionRegistry.addConnectionCreationListener(Sinttest::patient);
        settings().forEach((name, value) -> System.setProperty("sinttest." + name, value));
        return new SmackIntegrationTestFramework(Configuration.newConfiguration(new String[0])).run();
    }

    /** The framework logs thousands of lines, most of them traces. */
    private static void log() throws IOException {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler file = new FileHandler(LOG.toString());
        file.setFormatter(new SimpleFormatter());
        root.addHandler(file);
    }

    /** Gives its requests more time than the framework does. */
    private static void patient(XMPPConnection made) {
        made.addConnectionListener(new ConnectionListener() {
            @Override
            public void connecting(XMPPConnection connection) {
                connection.setReplyTimeout(ANSWER.toMillis());
            }
        });
    }

    private static Map<String, String> settings() {
        return Map.of(
                "service", GatewayProcess.DOMAIN,
                "host", "127.0.0.1",
                "securityMode", ConnectionConfiguration.SecurityMode.disabled.name(),
                "replyTimeout", Long.toString(TEST.toMillis()),
                "defaultConnection", "tcp",
                "enabledConnections", "tcp,modular",
                "disabledTests", "FileTransferIntegrationTest", // waits 6 minutes for each file from another account
                "testPackages",
                        "org.jivesoftware.smack,org.jivesoftware.smackx,org.igniterealtime.smack,org.channelgateway.interop");
    }

    /** The framework knows no port: its connections are described anew. */
    private static void connections(int port) throws ReflectiveOperationException {
        Consumer<ConnectionConfiguration.Builder<?, ?>> there = builder -> builder.setPort(port);
        XmppConnectionManager.addConnectionDescriptor(XmppConnectionDescriptor.buildWith(
                        RegisteringConnection.class,
                        XMPPTCPConnectionConfiguration.class,
                        XMPPTCPConnectionConfiguration.Builder.class)
                .withNickname("tcp")
                .applyExtraConfiguration(there::accept)
                .build());
        XmppConnectionManager.addConnectionDescriptor(XmppConnectionDescriptor.buildWith(
                        XMPPTCPConnection.class,
                        XMPPTCPConnectionConfiguration.class,
                        XMPPTCPConnectionConfiguration.Builder.class)
                .withNickname("tcp-of-smack")
                .applyExtraConfiguration(there::accept)
                .build());
        for (String nickname :
                new String[] {"modular-nocompress", "modular-websocket-okhttp", "modular-websocket-java11"}) {
            XmppConnectionManager.removeConnectionDescriptor(nickname);
        }
        XmppConnectionManager.addConnectionDescriptor(XmppConnectionDescriptor.buildWith(
                        ModularXmppClientToServerConnection.class,
                        ModularXmppClientToServerConnectionConfiguration.class,
                        ModularXmppClientToServerConnectionConfiguration.Builder.class)
                .withNickname("modular")
                .applyExtraConfiguration(builder -> {
                    there.accept(builder);
                    builder.removeModule(CompressionModuleDescriptor.class);
                })
                .build());
    }
}

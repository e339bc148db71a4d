package org.channelgateway.server;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.config.SettingsLoader;

/** {@code ./gateway}: starts, says what to do next, and runs until SIGTERM. */
public final class Main {
    private static final int BAD_SETTINGS = 2;

    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Gateway gateway;
        try {
            Settings settings = SettingsLoader.load(CommandLine.parse(args), System.getenv());
            gateway = Gateway.start(settings, InstantSource.system(), System::nanoTime);
            out.print(howTo(settings, gateway.uri()));
        } catch (ConfigException e) {
            System.err.println("gateway: " + e.getMessage());
            System.exit(BAD_SETTINGS);
            return;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            gateway.close();
            stopped.countDown();
            Runtime.getRuntime().halt(0); // SIGTERM is the ordinary way to stop
        }));
        out.println("ready " + gateway.uri());
        stopped.await();
    }

    private static String howTo(Settings settings, URI uri) {
        if (!settings.apps().isEmpty()) {
            return """

                    Channel Gateway
                      In a page   <script src="%s_ah/channel/jsapi"></script>
                      To create   POST %sv1/channels with Authorization: Bearer <secret of the app>

                    """.formatted(uri, uri);
        }
        return """

                Channel Gateway
                  Demo page   %s
                  Send to it  curl -X POST -H "Authorization: Bearer $(cat %s)" \\
                                   -H 'Content-Type: text/plain' --data-binary 'Hello' \\
                                   %sv1/channels/demo/messages

                """.formatted(uri, settings.data().resolve("demo.secret"), uri);
    }
}

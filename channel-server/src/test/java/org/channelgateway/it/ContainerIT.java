package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A client in a web application: in a class loader of its own, called by threads that know another one or none. */
final class ContainerIT {
    /** What runs in there. */
    public static final class Application implements Callable<Integer> {
        private final String url;
        private final String secret;

        public Application(String url, String secret) {
            this.url = url;
            this.secret = secret;
        }

        @Override
        public Integer call() {
            try (ChannelClient client =
                    ChannelClient.connect(ChannelConfig.builder(url, secret).build())) {
                client.createChannel("container");
                return client.sendMessage("container", "m").receivers();
            }
        }
    }

    private static URLClassLoader webApplication() throws IOException {
        URL[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(ContainerIT::url)
                .toArray(URL[]::new);
        return new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String path) {
        try {
            return new File(path).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    private static Object called(GatewayFixture gateway, @Nullable ClassLoader context) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(context);
        try (URLClassLoader loader = webApplication()) {
            Class<?> application = loader.loadClass(Application.class.getName());
            assertThat(application).isNotEqualTo(Application.class);
            return ((Callable<?>) application
                            .getConstructor(String.class, String.class)
                            .newInstance(
                                    "xmpp://guestbook@127.0.0.1:"
                                            + gateway.xmpp().getPort(),
                                    gateway.api().secret()))
                    .call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void worksWhateverTheContextClassLoaderIs() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(FixtureSettings.withoutPages())) {
            assertThat(called(gateway, null)).isEqualTo(0);
            assertThat(called(gateway, ClassLoader.getPlatformClassLoader())).isEqualTo(0);
        }
    }
}

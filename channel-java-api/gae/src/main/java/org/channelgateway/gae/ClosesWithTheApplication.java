package org.channelgateway.gae;

import java.util.Set;
import javax.servlet.ServletContainerInitializer;
import javax.servlet.ServletContext;
import javax.servlet.ServletContextEvent;
import javax.servlet.ServletContextListener;
import org.channelgateway.api.appengine.SharedClient;
import org.jspecify.annotations.Nullable;

/**
 * Ends the connection to the gateway, for good, when the container stops the application (Servlet 3.1 §8.2.4). Containers
 * find it in the jar. It leaves a connection alone that several applications share.
 */
public final class ClosesWithTheApplication implements ServletContainerInitializer {
    /** Containers make one. */
    public ClosesWithTheApplication() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> unused, ServletContext context) {
        if (SharedClient.class.getClassLoader() == context.getClassLoader()) {
            context.addListener(new Listener());
        }
    }

    /** Both methods are there for containers in which they have no default. */
    private static final class Listener implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            SharedClient.get().applicationStarted();
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            SharedClient.get().applicationStopped();
        }
    }
}

package org.channelgateway.api;

import org.jivesoftware.smack.Smack;
import org.jivesoftware.smack.provider.ProviderManager;

/** What Smack needs once in a JVM. It adds readers of our own namespace and changes nothing for other users of Smack. */
final class SmackSetup {
    static {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Smack looks for its XML parser in the context class loader, which in a container may be anybody's.
        thread.setContextClassLoader(SmackSetup.class.getClassLoader());
        try {
            Smack.ensureInitialized();
        } finally {
            thread.setContextClassLoader(before);
        }
        for (String element : new String[] {"channel", "published", "state"}) {
            ProviderManager.addIQProvider(element, Request.NAMESPACE, new AnswerIq.Provider());
        }
    }

    private SmackSetup() {}

    /** Done when this returns. */
    static void ensureDone() {}
}

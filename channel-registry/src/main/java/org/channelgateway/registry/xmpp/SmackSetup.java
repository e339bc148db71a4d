package org.channelgateway.registry.xmpp;

import org.jivesoftware.smack.Smack;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParserException;

/** What Smack needs once in a JVM. */
final class SmackSetup {
    /** Smack takes the StAX parser that is found first, and is written for the one of the JDK. */
    private static final String FACTORY = "javax.xml.stream.XMLInputFactory";

    private static final String OF_THE_JDK = "com.sun.xml.internal.stream.XMLInputFactoryImpl";

    static {
        String before = System.getProperty(FACTORY);
        System.setProperty(FACTORY, OF_THE_JDK);
        try {
            Smack.ensureInitialized();
            PacketParserUtils.getParserFor("<parser/>"); // now it has its factory for good
        } catch (XmlPullParserException | java.io.IOException e) {
            throw new AssertionError(e);
        } finally {
            if (before == null) {
                System.clearProperty(FACTORY);
            } else {
                System.setProperty(FACTORY, before);
            }
        }
    }

    private SmackSetup() {}

    /** Done when this returns. */
    static void ensureDone() {}
}

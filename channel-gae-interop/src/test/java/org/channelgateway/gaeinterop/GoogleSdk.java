package org.channelgateway.gaeinterop;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;

/** Google's SDK 1.9.64 in a class loader of its own, which shares nothing with the tests but the servlet API. */
final class GoogleSdk {
    static final Path JAR = Path.of("target", "google", "appengine-api-1.0-sdk.jar");
    static final Path JAVA_MAIL = Path.of("target", "google", "javax.mail.jar");
    static final Path ACTIVATION = Path.of("target", "google", "jakarta.activation.jar");

    private static final byte TOKEN_FIELD = 2 << 3 | 2; // a text, in the protocol buffer CreateChannelResponse
    private static final String TOKEN = "a-token-of-Google";

    /** What App Engine's service answers to a call. */
    @FunctionalInterface
    interface Service {
        /** @return 0 for a success, or the code of the error */
        int answer(String method, byte[] request);
    }

    private static final class ServletApiAlone extends ClassLoader {
        ServletApiAlone() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("javax.servlet.")) {
                return GoogleSdk.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }

    private GoogleSdk() {}

    /** @param jars in this order */
    static ClassLoader loader(Path... jars) {
        return new URLClassLoader(Arrays.stream(jars).map(GoogleSdk::url).toArray(URL[]::new), new ServletApiAlone());
    }

    static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    /** The SDK before a service: what stands for App Engine. */
    static Side before(Service service) {
        ClassLoader loader = loader(ACTIVATION, JAVA_MAIL, JAR);
        try {
            Class<?> proxy = loader.loadClass("com.google.apphosting.api.ApiProxy");
            Class<?> delegate = loader.loadClass("com.google.apphosting.api.ApiProxy$Delegate");
            Class<?> failure = loader.loadClass("com.google.apphosting.api.ApiProxy$ApplicationException");
            InvocationHandler calls = (self, method, arguments) -> {
                if (!method.getName().equals("makeSyncCall")) {
                    return null;
                }
                int code = service.answer((String) arguments[2], (byte[]) arguments[3]);
                if (code != 0) {
                    throw (Throwable) failure.getConstructor(int.class).newInstance(code);
                }
                return arguments[2].equals("CreateChannel") ? token() : new byte[0];
            };
            proxy.getMethod("setDelegate", delegate).invoke(null, implemented(delegate, calls));
            Class<?> threads = loader.loadClass("com.google.apphosting.api.ApiProxy$EnvironmentFactory");
            Object environment = implemented(
                    loader.loadClass("com.google.apphosting.api.ApiProxy$Environment"),
                    (self, method, arguments) -> method.getName().equals("getAttributes") ? new HashMap<>() : null);
            proxy.getMethod("setEnvironmentFactory", threads)
                    .invoke(null, implemented(threads, (self, method, arguments) -> environment));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the SDK", e);
        }
        return new Side(loader);
    }

    private static Object implemented(Class<?> type, InvocationHandler calls) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls);
    }

    private static byte[] token() {
        byte[] token = TOKEN.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 + token.length)
                .put(TOKEN_FIELD)
                .put((byte) token.length)
                .put(token)
                .array();
    }
}

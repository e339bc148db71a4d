package org.channelgateway.gaeinterop;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import javax.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** An implementation of {@code com.google.appengine.api.channel}, whatever class loader it is in. Thread-safe. */
final class Side {
    static final String PACKAGE = "com.google.appengine.api.channel.";

    private final ClassLoader loader;
    private final Object service;

    Side(ClassLoader loader) {
        this.loader = loader;
        try {
            service =
                    type("ChannelServiceFactory").getMethod("getChannelService").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the API", e);
        }
    }

    /** The one on the class path. */
    static Side ours() {
        return new Side(Side.class.getClassLoader());
    }

    Class<?> type(String name) {
        try {
            return loader.loadClass(PACKAGE + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    Outcome create(@Nullable String clientId) {
        return withoutToken(call("createChannel", new Class<?>[] {String.class}, clientId));
    }

    Outcome create(@Nullable String clientId, int minutes) {
        return withoutToken(call("createChannel", new Class<?>[] {String.class, int.class}, clientId, minutes));
    }

    private static Outcome withoutToken(Outcome outcome) {
        return outcome.what().matches("returned [\\w-]+") ? Outcome.returned("a token") : outcome;
    }

    Outcome send(@Nullable String clientId, @Nullable String message) {
        return sendMessage(message(clientId, message));
    }

    /** With null in place of a message and its client id. */
    Outcome sendNull() {
        return sendMessage(null);
    }

    private Outcome sendMessage(@Nullable Object message) {
        return call("sendMessage", new Class<?>[] {type("ChannelMessage")}, message);
    }

    Object message(@Nullable String clientId, @Nullable String message) {
        try {
            Constructor<?> constructor = type("ChannelMessage").getConstructor(String.class, String.class);
            return constructor.newInstance(clientId, message);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the API", e);
        }
    }

    Outcome parseMessage(HttpServletRequest request) {
        return call("parseMessage", new Class<?>[] {HttpServletRequest.class}, request);
    }

    Outcome parsePresence(HttpServletRequest request) {
        return call("parsePresence", new Class<?>[] {HttpServletRequest.class}, request);
    }

    private Outcome call(String name, Class<?>[] types, @Nullable Object... arguments) {
        try {
            Method method = type("ChannelService").getMethod(name, types);
            return Outcome.returned(shown(method.invoke(service, arguments)));
        } catch (InvocationTargetException e) {
            return Outcome.threw(e.getTargetException());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the API", e);
        }
    }

    /** What the getters of a message or a presence say. */
    private static @Nullable Object shown(@Nullable Object value) throws ReflectiveOperationException {
        if (value == null || value instanceof String) {
            return value;
        }
        if (value.getClass().getSimpleName().equals("ChannelMessage")) {
            return get(value, "getClientId") + " says " + get(value, "getMessage");
        }
        return get(value, "clientId") + " connected " + get(value, "isConnected");
    }

    private static Object get(Object from, String getter) throws ReflectiveOperationException {
        return from.getClass().getMethod(getter).invoke(from);
    }
}

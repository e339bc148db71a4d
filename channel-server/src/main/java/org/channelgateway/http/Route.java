package org.channelgateway.http;

import java.util.List;

/**
 * One request that the gateway answers.
 *
 * @param method the HTTP method; a GET route answers HEAD as well
 * @param path literal segments, and {@code *} for any single segment, which may hold an encoded {@code /}; of several the
 *     first is the variable of the call
 * @param isCrossOrigin pages of other origins may call it, as far as {@link Origins} allows
 * @param isPrompt its action never blocks, so that the thread that reads connections may run it
 */
public record Route(String method, String path, Action action, boolean isCrossOrigin, boolean isPrompt) {
    /** Answers a call, now or later. A {@link ProblemException} that it throws becomes the answer. */
    public interface Action {
        void handle(Call call);
    }

    public static Route get(String path, Action action) {
        return new Route("GET", path, action, false, false);
    }

    public static Route post(String path, Action action) {
        return new Route("POST", path, action, false, false);
    }

    public static Route delete(String path, Action action) {
        return new Route("DELETE", path, action, false, false);
    }

    public Route crossOrigin() {
        return new Route(method, path, action, true, isPrompt);
    }

    public Route prompt() {
        return new Route(method, path, action, isCrossOrigin, true);
    }

    List<String> segments() {
        return RoutePath.split(path);
    }
}

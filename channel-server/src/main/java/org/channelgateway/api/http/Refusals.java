package org.channelgateway.api.http;

import java.time.Duration;
import java.util.function.Consumer;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.http.Call;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;

/** Says the service's refusals in HTTP. */
public final class Refusals {
    private Refusals() {}

    public static Route.Action translated(Route.Action action) {
        return call -> translate(() -> action.handle(call));
    }

    /** Reads a body and goes on, with refusals translated there, too. */
    public static void body(Call call, int maxBytes, Consumer<byte[]> then) {
        call.body(maxBytes, bytes -> translate(() -> then.accept(bytes)));
    }

    private static void translate(Runnable step) {
        try {
            step.run();
        } catch (RefusedException e) {
            String detail = String.valueOf(e.getMessage());
            throw new ProblemException(
                    switch (e.kind()) {
                        case INVALID -> new Problem(422, detail);
                        case TOO_LARGE -> new Problem(413, detail);
                        case NOT_FOUND -> new Problem(404, detail);
                        case TOO_MANY -> new Problem(429, detail, Duration.ofSeconds(1));
                    });
        }
    }
}

package org.channelgateway.web;

import java.util.List;
import java.util.Map;
import org.channelgateway.http.Call;
import org.channelgateway.http.Origins;
import org.channelgateway.http.ProblemException;
import org.eclipse.jetty.http.HttpHeader;

/** Which pages may use a token: those of the gateway's own origin, and those of the origins of the app that made it. */
record OriginCheck(Map<String, List<String>> originsByApp) {
    OriginCheck {
        originsByApp = Map.copyOf(originsByApp);
    }

    /** @throws ProblemException 403 when a page of this origin may not use the tokens of {@code app} */
    void check(Call call, String app) {
        String origin = call.header(HttpHeader.ORIGIN);
        boolean allowed = origin == null
                || Origins.isSame(origin, call.header(HttpHeader.HOST))
                || originsByApp.getOrDefault(app, List.of()).contains(origin);
        if (!allowed) {
            throw new ProblemException(403, "Origin: not among the origins of the app that made the token");
        }
    }
}

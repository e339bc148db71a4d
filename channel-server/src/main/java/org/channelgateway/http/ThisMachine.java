package org.channelgateway.http;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;

/** Tells the requests of this machine, by its own name, from those that another sends or a proxy forwards. */
public final class ThisMachine {
    private static final Pattern OWN_NAME = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    private static final Pattern FORWARDED =
            Pattern.compile("forwarded|via|x-forwarded-.*|x-real-ip", Pattern.CASE_INSENSITIVE);

    private ThisMachine() {}

    /** False also for a page of another origin that has rebound a name: the Host is not one of loopback then. */
    public static boolean sent(Call call) {
        String host = call.header(HttpHeader.HOST);
        return call.request().getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                && remote.getAddress().isLoopbackAddress()
                && host != null
                && OWN_NAME.matcher(host.toLowerCase(Locale.ROOT)).matches()
                && call.request().getHeaders().stream()
                        .noneMatch(header -> FORWARDED.matcher(header.getName()).matches());
    }
}

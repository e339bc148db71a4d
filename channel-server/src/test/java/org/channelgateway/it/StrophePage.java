package org.channelgateway.it;

import java.net.URI;
import java.util.List;
import org.channelgateway.it.ChannelApi.Created;

/** Strophe in a page of another origin: each of its requests is asked for by a preflight first. */
final class StrophePage implements Subscriber {
    private final Page page;

    StrophePage(Page page, URI gateway, Created channel) {
        this.page = page;
        page.run(
                "connect(arguments[0], arguments[1], arguments[2])",
                gateway.resolve("http-bind").toString(),
                channel.jid(),
                channel.token());
    }

    @Override
    public boolean isConnected() {
        List<String> statuses = page.texts("return statuses");
        return statuses.contains("CONNECTED") && !statuses.contains("DISCONNECTED");
    }

    @Override
    public List<String> texts() {
        return page.texts("return texts");
    }

    @Override
    public void close() {
        page.run("connection.disconnect()");
    }
}

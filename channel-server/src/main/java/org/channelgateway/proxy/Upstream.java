package org.channelgateway.proxy;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** A connection to the application, for one request. */
final class Upstream extends AbstractConnection {
    private final Exchange exchange;

    Upstream(EndPoint endPoint, Executor executor, Exchange exchange) {
        super(endPoint, executor);
        this.exchange = exchange;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        exchange.connected(this);
    }

    void write(Callback then, ByteBuffer... bytes) {
        getEndPoint().write(then, bytes);
    }

    @Override
    public void onFillable() {
        exchange.answer().iterate();
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        exchange.answer().broke(cause);
    }

    void close(Throwable why) {
        getEndPoint().close(why);
    }
}

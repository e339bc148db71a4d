package org.channelgateway.c2s;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;

/** Jetty's side of a connection; each end point that a connection goes over, clear or TLS, has its own. */
final class Link extends AbstractConnection {
    private final C2sConnection connection;

    Link(EndPoint endPoint, Executor executor, C2sConnection connection) {
        super(endPoint, executor);
        this.connection = connection;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        fillInterested();
    }

    @Override
    public void onFillable() {
        connection.readable();
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        connection.gone();
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        connection.closed(this);
    }
}

package org.channelgateway.bench;

import java.io.IOException;

/** A client whose operation is a request over HTTP. */
record HttpClient(HttpConnection connection, Operation operation) implements Load.Client {
    interface Operation {
        void perform(HttpConnection connection, long number) throws IOException;
    }

    @Override
    public void perform(long number) throws IOException {
        operation.perform(connection, number);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

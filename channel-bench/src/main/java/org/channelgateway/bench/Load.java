package org.channelgateway.bench;

import java.io.IOException;

/** What is done to a server, again and again. */
interface Load {
    /** One client with a connection of its own. Confined to one thread. */
    interface Client extends AutoCloseable {
        /**
         * Does it once and waits for the answer.
         *
         * @param number of this operation, different in all of a run
         * @throws IOException also when the answer is not the one expected
         */
        void perform(long number) throws IOException;

        @Override
        void close() throws IOException;
    }

    Client connect() throws IOException;
}

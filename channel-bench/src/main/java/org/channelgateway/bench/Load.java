package org.channelgateway.bench;

import java.io.IOException;

/** What is done to a server, again and again. */
interface Load {
    /** One client with a connection of its own. Confined to one thread. */
    interface Client extends AutoCloseable {
        /**
         * Asks for it once.
         *
         * @param number of this operation, different in all of a run
         */
        void send(long number) throws IOException;

        /**
         * Waits until one more of those is done.
         *
         * @return its number
         * @throws IOException also when the answer is not the one expected
         */
        long receive() throws IOException;

        @Override
        void close() throws IOException;
    }

    Client connect() throws IOException;

    /** Called before a run, when its clients are connected. */
    default void begin(long first, int count) {}

    /** Called after the last answer; what it waits for is in the time of the run. */
    default void finish() throws IOException {}

    /** What else the last run showed, to be printed behind the rest; or nothing. */
    default String more(Measured measured) {
        return "";
    }
}

package org.channelgateway.examples.tictactoe;

/** The two who play. */
enum Side {
    X,
    O;

    Side other() {
        return this == X ? O : X;
    }
}

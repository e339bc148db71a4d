package org.channelgateway.it;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link BrowserContract} with an application that makes its tokens and sends by each of the ways. */
@ParameterizedClass
@MethodSource("org.channelgateway.it.Way#toTest")
abstract class EveryWayContract extends BrowserContract {
    @Parameter
    Way way;

    Sender application;

    @BeforeEach
    void connect() {
        application = way.open(gateway);
    }

    @AfterEach
    void disconnect() {
        application.close();
    }
}

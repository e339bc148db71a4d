package org.channelgateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EjabberdProcessIT {
    private static final String CREATION = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' hold='1' wait='5'"
            + " to='localhost' ver='1.10' xml:lang='en' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>";

    private static String creation(EjabberdProcess ejabberd) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(ejabberd.bosh())
                                .timeout(Duration.ofSeconds(30))
                                .POST(BodyPublishers.ofString(CREATION))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    @Test
    void startsOnPortsOfItsOwnAndKeepsThemAndItsAccounts() throws Exception {
        try (EjabberdProcess ejabberd = new EjabberdProcess()) {
            assertThat(creation(ejabberd)).contains("SCRAM-SHA-1").doesNotContain("PLAIN</");
            ejabberd.register("alice", "wonderland-1");
            ejabberd.kill();
            ejabberd.start();
            assertThat(creation(ejabberd)).contains("SCRAM-SHA-1");
            assertThat(ejabberd.eval("ejabberd_auth:get_users()")).contains("alice");
            ejabberd.restart();
            assertThat(creation(ejabberd)).contains("SCRAM-SHA-1");
        }
    }
}

package org.channelgateway.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.util.List;
import org.channelgateway.cluster.OutsideClient.Transport;
import org.channelgateway.registry.xmpp.AdministrationConfig;
import org.channelgateway.registry.xmpp.XmppAdministration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes of ejabberd that were joined, on one machine; {@code scripts/ejabberd-cluster} runs this by itself. */
final class TwoNodesIT {
    private static final String SECRET = "secret-of-everybody";

    /** How many routes a node has to processes of its own, for the domain and for the service. */
    private static final String OWN_ROUTES =
            "length([R || D <- [<<\"localhost\">>, <<\"channel.localhost\">>], R <- mnesia:dirty_read(route, D), node(element(4, R)) == node()])";

    private static JoinedNodes nodes;
    private static EjabberdProcess first;
    private static EjabberdProcess second;

    @BeforeAll
    static void start() {
        nodes = new JoinedNodes(EjabberdConfig.internal());
        first = nodes.first();
        second = nodes.second();
        List.of("ch-one", "ch-two", "adm-gateway").forEach(name -> first.register(name, SECRET));
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    private XmppAdministration administration(EjabberdProcess node) {
        InetSocketAddress c2s = node.c2s();
        return new XmppAdministration(
                AdministrationConfig.of(node.domain(), "adm-gateway", SECRET, List.of(c2s)), System::nanoTime);
    }

    private static String headline(OutsideClient to, String id) {
        return "<message type='headline' id='" + id + "' from='channel.localhost' to='" + to.jid() + "'/>";
    }

    @Test
    void aServiceAtOneNodeReachesTheSubscribersOfBoth() throws InterruptedException {
        try (OutsideComponent service = new OutsideComponent(first);
                OutsideClient one = new OutsideClient(Transport.BOSH, first, "ch-one", SECRET);
                OutsideClient two = new OutsideClient(Transport.BOSH, second, "ch-two", SECRET)) {
            service.send(headline(one, "at-one") + headline(two, "at-two"));
            one.awaitId("at-one");
            two.awaitId("at-two");
            await().atMost(EjabberdProcess.PATIENCE).until(() -> service.heard().contains("from='" + two.jid() + "'"));
        }
    }

    @Test
    void aNodeThatLeavesEndsAndComesBackOnlyWhenItJoins() {
        assertThat(second.ctl("list_cluster")).contains(nodes.firstName(), nodes.secondName());

        String unused = first.ctl("leave_cluster", nodes.secondName());
        second.awaitEnd();
        assertThat(first.cluster()).contains(nodes.firstName()).doesNotContain(nodes.secondName());

        second.start();
        assertThat(second.cluster()).contains(nodes.secondName()).doesNotContain(nodes.firstName());
        nodes.join();
        assertThat(first.cluster()).contains(nodes.firstName(), nodes.secondName());
    }

    @Test
    void aNodeTellsTheServiceThatIsAttachedToItself() throws InterruptedException {
        try (OutsideComponent atFirst = new OutsideComponent(first);
                OutsideComponent atSecond = new OutsideComponent(second);
                OutsideClient two = new OutsideClient(second, "ch-two", SECRET)) {
            for (int i = 0; i < 20; i++) {
                two.send("<presence to='channel.localhost'><status>number-" + i + "</status></presence>");
            }
            await().atMost(EjabberdProcess.PATIENCE)
                    .until(() -> atSecond.heard().contains("number-19"));
            assertThat(atFirst.heard()).doesNotContain("number-");
        }
    }

    @Test
    void oneNodeAdministersBothAndOutlivesTheOther() throws Exception {
        try (XmppAdministration administration = administration(first);
                OutsideClient one = new OutsideClient(first, "ch-one", SECRET);
                OutsideClient two = new OutsideClient(second, "ch-two", SECRET);
                OutsideClient lost = new OutsideClient(second, "ch-two", SECRET)) {
            assertThat(administration.online().get(60, SECONDS)).contains(one.jid(), two.jid(), lost.jid());
            administration.endSessions(List.of(two.jid())).get(60, SECONDS);
            await().atMost(EjabberdProcess.PATIENCE).until(two::ended);
            assertThat(lost.ended()).isFalse();

            second.kill();
            await().atMost(EjabberdProcess.PATIENCE)
                    .until(() -> administration.online().get(60, SECONDS), online -> !online.contains(lost.jid()));
            assertThat(administration.online().get(60, SECONDS)).contains(one.jid());

            second.start(); // it comes back by itself
            try (OutsideClient again = new OutsideClient(second, "ch-two", SECRET)) {
                assertThat(administration.online().get(60, SECONDS)).contains(one.jid(), again.jid());
            }
        }
    }

    /** As one does that stood still and takes the others for lost, when its Mnesia has not learnt of it yet. */
    @Test
    void aNodeKeepsItsRoutesWhenAnotherOneRemovesThem() throws InterruptedException {
        String removed = """
                {atomic, N} = mnesia:transaction(fun() ->
                    Routes = [R || D <- [<<"localhost">>, <<"channel.localhost">>], R <- mnesia:read(route, D), node(element(4, R)) /= node()],
                    [mnesia:delete_object(R) || R <- Routes],
                    length(Routes)
                end), N""";
        try (OutsideComponent service = new OutsideComponent(first);
                OutsideClient one = new OutsideClient(first, "ch-one", SECRET)) {
            assertThat(second.eval(removed.replace("\n", " "))).isEqualTo("2");
            await().atMost(EjabberdProcess.PATIENCE).until(() -> first.eval(OWN_ROUTES), "2"::equals);

            one.send("<presence to='channel.localhost'><status>after-all</status></presence>");
            await().atMost(EjabberdProcess.PATIENCE).until(() -> service.heard().contains("after-all"));
        }
        await().atMost(EjabberdProcess.PATIENCE).until(() -> second.eval(OWN_ROUTES), "1"::equals);
    }

    /** After 8 seconds in place of the minute that nodes leave each other as they are shipped. */
    @Test
    void aNodeThatStoodStillUntilItWasLostEndsAndComesBackByItself() {
        List.of(first, second).forEach(node -> node.eval("net_kernel:set_net_ticktime(8, 0)"));
        second.hang();
        try {
            await().atMost(EjabberdProcess.PATIENCE)
                    .until(() -> !first.cluster().contains(nodes.secondName()));
            String unused = first.eval("net_kernel:set_net_ticktime(60, 0)");
        } finally {
            second.goOn();
        }
        second.awaitEnd();
        await().atMost(EjabberdProcess.PATIENCE).until(() -> first.eval(OWN_ROUTES), "1"::equals);

        second.start();
        await().atMost(EjabberdProcess.PATIENCE)
                .until(() -> first.cluster().contains(nodes.secondName())
                        && second.cluster().contains(nodes.firstName()));
    }
}

package org.channelgateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.channelgateway.cluster.OutsideClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody with an account at ejabberd reaches anybody else with one, whatever the gateway lets pass. */
final class StarIT {
    private static final String SECRET = "secret-of-everybody";
    private static final String PING = "<iq type='get' to='localhost' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>";
    private static final int BATCH = 50;
    private static EjabberdProcess ejabberd;
    private static OutsideComponent service;

    private final List<OutsideClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        ejabberd = new EjabberdProcess();
        Stream.of("ch-evil", "app-evil", "usr-evil", "ch-phone", "ch-deaf", "ch-victim", "app-victim", "adm-gateway")
                .forEach(name -> ejabberd.register(name, SECRET));
        service = new OutsideComponent(ejabberd);
    }

    @AfterAll
    static void stop() {
        service.close();
        ejabberd.close();
    }

    @AfterEach
    void leave() {
        clients.forEach(OutsideClient::close);
    }

    private OutsideClient client(Transport transport, String name) throws InterruptedException {
        OutsideClient client = new OutsideClient(transport, ejabberd, name, SECRET);
        clients.add(client);
        return client;
    }

    @Test
    void aClientThatComesBackWithItsResourceHasNotGone() throws InterruptedException {
        OutsideClient old = new OutsideClient(Transport.TCP, ejabberd, "ch-phone", SECRET, "phone");
        clients.add(old);
        String process =
                ejabberd.eval("ejabberd_sm:get_session_pid(<<\"ch-phone\">>, <<\"localhost\">>, <<\"phone\">>)");
        OutsideClient back = new OutsideClient(Transport.TCP, ejabberd, "ch-phone", SECRET, "phone");
        clients.add(back);
        Awaitility.await()
                .atMost(EjabberdProcess.PATIENCE)
                .until(() -> ejabberd.eval("is_process_alive(list_to_pid(\"" + process + "\"))"), "false"::equals);

        back.send("<presence to='channel.localhost'><status>still-there</status></presence>");
        Awaitility.await()
                .atMost(EjabberdProcess.PATIENCE)
                .until(() -> service.heard().contains("still-there"));
        Pattern gone = Pattern.compile("<presence(?=[^>]*ch-phone@localhost/phone)(?=[^>]*unavailable)");
        assertThat(gone.matcher(service.heard()).find()).isFalse();

        back.close();
        Awaitility.await()
                .atMost(EjabberdProcess.PATIENCE)
                .until(() -> gone.matcher(service.heard()).find());
    }

    @Test
    void whoAsksWhileNoGatewayIsAttachedIsToldToAskAgain() throws InterruptedException {
        OutsideClient client = client(Transport.TCP, "app-evil");
        service.close();
        try {
            Awaitility.await()
                    .atMost(EjabberdProcess.PATIENCE)
                    .until(() -> ejabberd.eval("mnesia:dirty_read(route, <<\"channel.localhost\">>)"), "[]"::equals);
            client.send("<iq type='get' to='channel.localhost' id='early'><ping xmlns='urn:xmpp:ping'/></iq>");
            client.awaitId("early");
        } finally {
            service = new OutsideComponent(ejabberd);
        }
        String answer = client.heard().get(client.heard().size() - 1);
        assertThat(answer).contains("type='wait'", "resource-constraint", "again soon");
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        try (DeafClient deaf = new DeafClient(ejabberd, "ch-deaf", SECRET)) {
            String headline = "<message type='headline' from='channel.localhost' to='" + deaf.jid() + "'><body>"
                    + "x".repeat(10_000) + "</body></message>";
            for (int i = 0; i < 2_000; i++) { // more than all buffers of the system hold
                service.send(headline);
            }
            Pattern gone = Pattern.compile("<presence(?=[^>]*" + deaf.jid() + ")(?=[^>]*unavailable)");
            Awaitility.await()
                    .atMost(EjabberdProcess.PATIENCE)
                    .until(() -> gone.matcher(service.heard()).find());
        }
    }

    static Stream<Arguments> attackers() {
        return Stream.of(Transport.values())
                .flatMap(transport ->
                        Stream.of("ch-evil", "app-evil", "usr-evil").map(name -> Arguments.of(transport, name)));
    }

    @ParameterizedTest
    @MethodSource("attackers")
    void nothingReachesAnybodyElse(Transport transport, String name) throws InterruptedException {
        List<OutsideClient> victims = List.of(
                client(Transport.TCP, "ch-victim"),
                client(Transport.TCP, "app-victim"),
                client(Transport.TCP, "adm-gateway"),
                client(Transport.TCP, name)); // another session of the same account
        for (OutsideClient victim : victims) {
            victim.send("<presence/>");
            victim.send(PING.formatted("settled"));
            victim.awaitId("settled");
        }
        List<Integer> before =
                victims.stream().map(victim -> victim.heard().size()).toList();
        OutsideClient attacker = client(transport, name);
        List<String> hostile = hostile(victims);
        for (int i = 0; i < hostile.size(); i += BATCH) {
            attacker.send(
                    hostile.subList(i, Math.min(i + BATCH, hostile.size())).toArray(String[]::new));
        }
        attacker.send(PING.formatted("last"));
        attacker.awaitId("last"); // all of them were judged
        for (int i = 0; i < victims.size(); i++) {
            OutsideClient victim = victims.get(i);
            service.send("<message type='headline' id='fence' from='channel.localhost' to='" + victim.jid() + "'/>");
            victim.awaitId("fence");
            assertThat(victim.heard().subList(before.get(i), victim.heard().size()))
                    .as(victim.jid())
                    .singleElement()
                    .asString()
                    .contains("id='fence'");
            assertThat(victim.ended()).isFalse();
        }
        assertThat(service.heard()).doesNotContain("hostile");
        assertThat(attacker.hasResult("hostile")).isFalse();
    }

    private static List<String> hostile(List<OutsideClient> victims) {
        List<String> addresses =
                new ArrayList<>(List.of("localhost", "localhost/x", "elsewhere.example", "a@elsewhere.example"));
        addresses.addAll(List.of("CH-Victim@LOCALHOST", "pubsub.localhost", "conference.localhost"));
        for (OutsideClient victim : victims) {
            addresses.add(victim.jid());
            addresses.add(victim.jid().substring(0, victim.jid().indexOf('/')));
        }
        List<String> stanzas = new ArrayList<>();
        for (String to : addresses) {
            for (String type : List.of("chat", "headline", "groupchat", "normal", "error")) {
                stanzas.add("<message to='%s' type='%s'><body>hostile</body></message>".formatted(to, type));
            }
            for (String type : List.of("subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe", "error")) {
                stanzas.add("<presence to='%s' type='%s'><status>hostile</status></presence>".formatted(to, type));
            }
            for (String namespace : List.of(
                    "jabber:iq:version",
                    "jabber:iq:last",
                    "jabber:iq:register",
                    "jabber:iq:privacy",
                    "jabber:iq:private",
                    "vcard-temp",
                    "urn:xmpp:blocking",
                    "urn:xmpp:mam:2",
                    "http://jabber.org/protocol/pubsub")) {
                stanzas.add("<iq to='%s' type='get' id='hostile'><query xmlns='%s'/></iq>".formatted(to, namespace));
                stanzas.add("<iq to='%s' type='set' id='hostile'><query xmlns='%s'/></iq>".formatted(to, namespace));
            }
            stanzas.add("<iq to='%s' type='result' id='hostile'/>".formatted(to));
            stanzas.add("<iq to='%s' type='set' id='hostile'>%s</iq>"
                    .formatted(to, command(victims.get(0).jid())));
        }
        stanzas.add("<presence to='channel.localhost' type='subscribe'><status>hostile</status></presence>");
        stanzas.add("<message to='channel.localhost'><body>hostile</body></message>");
        stanzas.add("<message><body>hostile</body></message>");
        stanzas.add(
                "<iq type='set' id='hostile'><query xmlns='jabber:iq:roster'><item jid='ch-victim@localhost'/></query></iq>");
        stanzas.add("<iq type='set' id='hostile'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
        stanzas.add(
                "<iq type='set' id='hostile'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'><item>"
                        + "<x xmlns='y'/></item></publish></pubsub></iq>");
        for (String node : List.of("online users", "all users", "user/ch-victim@localhost")) {
            stanzas.add(
                    "<iq to='localhost' type='get' id='hostile'><query xmlns='http://jabber.org/protocol/disco#items' node='"
                            + node + "'/></iq>");
        }
        return stanzas;
    }

    private static String command(String jid) {
        return "<command xmlns='http://jabber.org/protocol/commands' action='complete'"
                + " node='http://jabber.org/protocol/admin#end-user-session'><x xmlns='jabber:x:data' type='submit'>"
                + "<field var='FORM_TYPE'><value>http://jabber.org/protocol/admin</value></field>"
                + "<field var='accountjid'><value>" + jid + "</value></field></x></command>";
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theServiceIsReachedAsOneself(Transport transport) throws InterruptedException {
        OutsideClient client = client(transport, "ch-evil");
        client.send(
                "<presence to='channel.localhost'><status>" + transport + " is here</status></presence>",
                "<iq to='channel.localhost' type='get' id='ask'><state xmlns='x'>" + transport + "</state></iq>");
        Awaitility.await()
                .atMost(EjabberdProcess.PATIENCE)
                .until(() -> service.heard().contains("<state xmlns='x'>" + transport));
        assertThat(service.heard())
                .containsPattern("<presence[^>]*from='" + client.jid() + "'[^>]*><status>" + transport + " is here");
    }

    /** A phone that has changed its network: the session that it takes the place of is not told to be over. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void aSessionThatIsReplacedByOneOfItsNameIsNotOver(Transport transport) throws InterruptedException {
        String resource = "phone-" + transport;
        OutsideClient old = new OutsideClient(transport, ejabberd, "ch-evil", SECRET, resource);
        clients.add(old);
        try (OutsideClient present = new OutsideClient(Transport.TCP, ejabberd, "ch-evil", SECRET, resource)) {
            Awaitility.await().atMost(EjabberdProcess.PATIENCE).until(old::ended);
            present.send("<iq to='channel.localhost' type='get' id='still-here'><query xmlns='x'/></iq>");
            present.awaitId("still-here");
        }
        Awaitility.await().atMost(EjabberdProcess.PATIENCE).until(() -> unavailable(resource) > 0);
        assertThat(unavailable(resource)).isEqualTo(1);
    }

    private static long unavailable(String resource) {
        return Pattern.compile("<presence[^>]*>")
                .matcher(service.heard())
                .results()
                .map(MatchResult::group)
                .filter(presence -> presence.contains("type='unavailable'") && presence.contains("/" + resource + "'"))
                .count();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anotherSendersAddressEndsTheSession(Transport transport) throws InterruptedException {
        OutsideClient client = client(transport, "ch-evil");
        client.send(
                "<presence from='app-victim@localhost/x' to='channel.localhost'><status>forged</status></presence>");
        Awaitility.await().atMost(EjabberdProcess.PATIENCE).until(client::ended);
        assertThat(service.heard()).doesNotContain("forged");
    }

    @Test
    void theRosterIsEmptyAndTheServerAnswersPings() throws InterruptedException {
        OutsideClient client = client(Transport.TCP, "ch-evil");
        client.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        client.send(PING.formatted("ping"));
        client.awaitId("ping");
        assertThat(client.hasResult("roster")).isTrue();
    }
}

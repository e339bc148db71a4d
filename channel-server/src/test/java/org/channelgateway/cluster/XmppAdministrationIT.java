package org.channelgateway.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.channelgateway.registry.xmpp.AdministrationConfig;
import org.channelgateway.registry.xmpp.AdministrationException;
import org.channelgateway.registry.xmpp.XmppAdministration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class XmppAdministrationIT {
    private static final String ADMIN = "adm-gateway";
    private static final String SECRET = "secret-of-the-administrator";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static EjabberdProcess ejabberd;

    private final List<OutsideClient> clients = new ArrayList<>();
    private final XmppAdministration administration = administration(ADMIN, Duration.ofSeconds(30), 100);

    @BeforeAll
    static void start() {
        ejabberd = new EjabberdProcess();
        ejabberd.register(ADMIN, SECRET);
        ejabberd.register("ch-one", "token-of-one");
        ejabberd.register("ch-two", "token-of-two");
    }

    @AfterAll
    static void stop() {
        ejabberd.close();
    }

    @AfterEach
    void close() {
        administration.close();
        clients.forEach(OutsideClient::close);
    }

    private static XmppAdministration administration(String localpart, Duration timeout, int maxWaiting) {
        InetSocketAddress c2s = ejabberd.c2s();
        return new XmppAdministration(
                new AdministrationConfig(
                        ejabberd.domain(), localpart, SECRET, List.of(c2s), false, null, timeout, maxWaiting),
                System::nanoTime);
    }

    private OutsideClient client(String name) throws InterruptedException {
        OutsideClient client = new OutsideClient(ejabberd, "ch-" + name, "token-of-" + name);
        clients.add(client);
        return client;
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), SECONDS);
    }

    private void awaitAnswer() {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> done(administration.online()), online -> !online.isEmpty());
    }

    @Test
    void endsTheSessionOfAFullJidAndLeavesOthersAlone() throws Exception {
        OutsideClient ended = client("one");
        OutsideClient left = client("one");
        done(administration.endSessions(List.of(ended.jid())));
        await().atMost(PATIENCE).until(ended::ended);
        assertThat(done(administration.online())).contains(left.jid()).doesNotContain(ended.jid());
        assertThat(left.ended()).isFalse();
    }

    @Test
    void endsAllSessionsOfABareJid() throws Exception {
        OutsideClient first = client("one");
        OutsideClient second = client("one");
        OutsideClient other = client("two");
        done(administration.endSessions(List.of("ch-one@localhost")));
        await().atMost(PATIENCE).until(() -> first.ended() && second.ended());
        assertThat(done(administration.online())).contains(other.jid()).doesNotContain(first.jid(), second.jid());
    }

    @Test
    void endsManyAtOnceOfWhichSomeAreGone() throws Exception {
        OutsideClient one = client("one");
        List<String> jids = Stream.concat(
                        IntStream.range(0, 500).mapToObj(i -> "ch-gone@localhost/" + i), Stream.of(one.jid()))
                .toList();
        assertThat(done(administration.endSessions(jids))).isEqualTo(501);
        await().atMost(PATIENCE).until(one::ended);
    }

    @Test
    void listsTheSessionsOfAllAccounts() throws Exception {
        OutsideClient one = client("one");
        OutsideClient again = client("one");
        OutsideClient two = client("two");
        assertThat(done(administration.online()))
                .contains(one.jid(), again.jid(), two.jid())
                .anyMatch(jid -> jid.startsWith("adm-gateway@localhost/"));
    }

    @Test
    void escapesAResourceThatIsMarkup() throws Exception {
        done(administration.endSessions(List.of("ch-one@localhost/<&'\">]]>")));
    }

    @Test
    void goesOnAfterARestartOfTheServer() throws Exception {
        awaitAnswer();
        ejabberd.restart();
        awaitAnswer();
    }

    @Test
    void failsInTimeWhileTheServerHangsAndGoesOnAfterIt() throws Exception {
        try (XmppAdministration impatient = administration(ADMIN, Duration.ofSeconds(2), 1)) {
            done(impatient.online());
            ejabberd.hang();
            try {
                List<CompletableFuture<List<String>>> asked = IntStream.range(0, 3)
                        .mapToObj(i -> impatient.online())
                        .toList(); // one may be under way, one may wait
                assertThat(asked)
                        .allSatisfy(one ->
                                assertThatThrownBy(() -> done(one)).hasCauseInstanceOf(AdministrationException.class));
                assertThat(asked)
                        .anySatisfy(one -> assertThatThrownBy(() -> done(one)).hasMessageContaining("more than 1"));
            } finally {
                ejabberd.goOn();
            }
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> done(impatient.online()), online -> !online.isEmpty());
        }
    }

    @Test
    void isRefusedWithoutTheRightOfAnAdministrator() {
        ejabberd.register("usr-nobody", SECRET);
        try (XmppAdministration nobody = administration("usr-nobody", Duration.ofSeconds(30), 1)) {
            assertThatThrownBy(() -> done(nobody.online()))
                    .hasCauseInstanceOf(AdministrationException.class)
                    .hasMessageContaining("refused");
            assertThatThrownBy(() -> done(nobody.endSessions(List.of("ch-one@localhost"))))
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void saysThatItCannotLogInAndNotTheSecret() {
        try (XmppAdministration stranger = administration("adm-stranger", Duration.ofSeconds(30), 1)) {
            assertThatThrownBy(() -> done(stranger.online()))
                    .hasMessageContaining("not-authorized")
                    .message()
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void takesNothingAfterItsEnd() {
        administration.close();
        assertThatThrownBy(() -> done(administration.online())).hasMessageContaining("closed");
    }
}

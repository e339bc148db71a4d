package org.channelgateway.examples.tictactoe.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two browsers play through the gateway; the application knows nothing of it but where it is. */
final class TicTacToeIT {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    @TempDir
    private static Path folder;

    private static Server application;
    private static Gateway gateway;
    private static URI home;

    @BeforeAll
    static void start() throws Exception {
        application = TicTacToe.start(0);
        gateway = new Gateway(folder, TicTacToe.uri(application));
        home = gateway.uri();
        System.setProperty("CHANNEL_URL", "xmpp://demo@127.0.0.1:" + gateway.xmppPort());
        System.setProperty("CHANNEL_SECRET", gateway.secret());
    }

    @AfterAll
    static void stop() throws Exception {
        application.stop();
        gateway.close();
    }

    private static PlayerPage browser(String name) {
        return new PlayerPage(folder.resolve(name));
    }

    private static void show(PlayerPage page, String name) throws IOException {
        page.screenshot(390, 844, SCREENSHOTS.resolve(name + "-phone.png"));
        page.screenshot(1280, 900, SCREENSHOTS.resolve(name + "-desktop.png"));
    }

    @Test
    void twoBrowsersPlayToTheEndAndAgain() throws IOException {
        try (PlayerPage ann = browser("ann");
                PlayerPage bob = browser("bob")) {
            ann.open(home);
            show(ann, "home");
            ann.press("begin");
            ann.awaitText("status", "Waiting for a friend");
            ann.awaitText("connection", "Connected");
            show(ann, "invite");

            bob.open(URI.create(ann.link()));
            bob.awaitText("connection", "Connected");
            ann.awaitText("status", "Your turn");
            bob.awaitText("status", "Your friend’s turn");
            ann.awaitText("opponent", "Your friend is here");
            bob.awaitText("opponent", "Your friend is here");

            play(ann, bob, 0, 4, 1, 2);
            show(ann, "game");
            play(ann, bob, 3, 6);

            bob.awaitText("status", "You won");
            ann.awaitText("status", "Your friend won");
            show(bob, "won");
            assertThat(ann.board()).isEqualTo("XXOXO-O--");

            ann.press("again");
            bob.awaitText("status", "Your turn");
            play(bob, ann, 8);
            ann.awaitText("status", "Your turn");
        }
    }

    @Test
    void tellsThePlayerWhoStaysThatTheOtherLeftAndTheOtherWhatHappenedMeanwhile() {
        try (PlayerPage ann = browser("ann-away");
                PlayerPage bob = browser("bob-away")) {
            ann.open(home);
            ann.press("begin");
            bob.open(URI.create(ann.link()));
            ann.awaitText("opponent", "Your friend is here");

            bob.leave();
            ann.awaitText("opponent", "Your friend is away");
            ann.play(4);
            ann.awaitBoard("----X----");

            bob.back();
            bob.awaitBoard("----X----");
            ann.awaitText("opponent", "Your friend is here");
        }
    }

    /** Plays cells in turn; each move shows on both screens before the next. */
    private static void play(PlayerPage first, PlayerPage second, int... cells) {
        PlayerPage mover = first;
        PlayerPage other = second;
        for (int cell : cells) {
            mover.play(cell);
            mover.awaitTaken(cell);
            other.awaitTaken(cell);
            PlayerPage next = other;
            other = mover;
            mover = next;
        }
    }

    @Test
    void keepsTheGameOverAReloadAndSparesItFromAThird() {
        try (PlayerPage ann = browser("ann-2");
                PlayerPage bob = browser("bob-2");
                PlayerPage cid = browser("cid-2")) {
            ann.open(home);
            ann.press("begin");
            URI link = URI.create(ann.link());
            bob.open(link);
            ann.play(4);
            bob.awaitBoard("----X----");

            ann.reload();
            ann.awaitBoard("----X----");
            bob.play(0);
            ann.awaitBoard("O---X----");

            cid.open(link);
            assertThat(cid.body()).contains("two players already");
        }
    }
}

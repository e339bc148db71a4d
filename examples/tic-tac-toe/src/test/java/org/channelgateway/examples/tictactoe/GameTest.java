package org.channelgateway.examples.tictactoe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GameTest {
    private final Game game = new Game("game");

    @Test
    void takesTwoPlayersAndKnowsThemAgain() {
        assertThat(game.join("ann")).hasValue(Side.X);
        assertThat(game.join("ann")).hasValue(Side.X);
        assertThat(game.join("bob")).hasValue(Side.O);
        assertThat(game.join("cid")).isEmpty();
        assertThat(game.join("bob")).hasValue(Side.O);
        assertThat(game.find("bob")).hasValue(Side.O);
        assertThat(game.find("cid")).isEmpty();
    }

    @Test
    void namesTheChannelOfEachSide() {
        String clientId = game.clientId(Side.O);
        assertThat(Game.idOf(clientId)).isEqualTo("game");
        assertThat(game.sideOf(clientId)).hasValue(Side.O);
        assertThat(game.sideOf("game-Z")).isEmpty();
        assertThat(Game.idOf("other")).isEmpty();
    }

    @Test
    void takesMovesInTurnAndOnFreeCellsOnly() {
        assertThat(game.move(Side.O, 0)).isFalse();
        assertThat(game.move(Side.X, 9)).isFalse();
        assertThat(game.move(Side.X, 0)).isTrue();
        assertThat(game.move(Side.X, 1)).isFalse();
        assertThat(game.move(Side.O, 0)).isFalse();
        assertThat(game.move(Side.O, 3)).isTrue();
    }

    @Test
    void endsWhenSomeoneHasWonAndTheOtherBeginsTheNext() {
        assertThat(game.again()).isFalse();
        for (int cell : new int[] {0, 3, 1, 4}) {
            assertThat(game.move(cell < 3 ? Side.X : Side.O, cell)).isTrue();
        }
        assertThat(game.move(Side.X, 2)).isTrue();
        assertThat(game.state(Side.O)).contains("\"winner\":\"X\"", "\"over\":true", "\"line\":[0, 1, 2]");
        assertThat(game.move(Side.O, 8)).isFalse();
        assertThat(game.again()).isTrue();
        assertThat(game.state(Side.O)).contains("\"turn\":\"O\"", "\"board\":\"---------\"");
    }

    @Test
    void countsItsChanges() {
        game.join("ann");
        game.present(Side.X, true, "connected-1");
        game.present(Side.X, true, "connected-1");
        assertThat(game.state(Side.O)).startsWith("{\"version\":2,").contains("\"present\":true");
        game.present(Side.X, false, "disconnected-1");
        assertThat(game.state(Side.O)).startsWith("{\"version\":3,").contains("\"present\":false");
    }
}

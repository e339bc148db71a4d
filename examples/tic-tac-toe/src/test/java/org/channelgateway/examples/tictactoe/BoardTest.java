package org.channelgateway.examples.tictactoe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BoardTest {
    @ParameterizedTest
    @CsvSource({"XXX------,012", "---OOO---,345", "X--X--X--,036", "--O--O--O,258", "X---X---X,048", "--O-O-O--,246"})
    void seesWhoWon(String cells, String line) {
        Board board = new Board(cells);
        assertThat(board.won()).hasSize(3).allMatch(cell -> line.contains(String.valueOf(cell)));
        assertThat(board.isOver()).isTrue();
    }

    @Test
    void isADrawWhenItIsFull() {
        Board board = new Board("XOXXOOOXX");
        assertThat(board.won()).isEmpty();
        assertThat(board.isOver()).isTrue();
    }

    @Test
    void hasFreeCellsUntilTheyArePlayed() {
        Board board = Board.EMPTY.with(4, Side.X);
        assertThat(board.cells()).isEqualTo("----X----");
        assertThat(board.isFree(4)).isFalse();
        assertThat(board.isFree(0)).isTrue();
        assertThat(board.isFree(-1)).isFalse();
        assertThat(board.isFree(9)).isFalse();
        assertThat(board.isOver()).isFalse();
    }
}

package org.channelgateway.examples.tictactoe;

import java.util.List;

/** Nine cells, row by row, each of them {@code X}, {@code O} or {@code -}. Immutable. */
record Board(String cells) {
    static final Board EMPTY = new Board("-".repeat(9));

    private static final char FREE = '-';
    private static final List<List<Integer>> LINES = List.of(
            List.of(0, 1, 2),
            List.of(3, 4, 5),
            List.of(6, 7, 8),
            List.of(0, 3, 6),
            List.of(1, 4, 7),
            List.of(2, 5, 8),
            List.of(0, 4, 8),
            List.of(2, 4, 6));

    boolean isFree(int cell) {
        return cell >= 0 && cell < cells.length() && cells.charAt(cell) == FREE;
    }

    Board with(int cell, Side side) {
        return new Board(cells.substring(0, cell) + side + cells.substring(cell + 1));
    }

    /** The three cells that won; none while nobody has. */
    List<Integer> won() {
        return LINES.stream().filter(this::isOfOneSide).findFirst().orElse(List.of());
    }

    private boolean isOfOneSide(List<Integer> line) {
        char first = cells.charAt(line.get(0));
        return first != FREE && line.stream().allMatch(cell -> cells.charAt(cell) == first);
    }

    boolean isOver() {
        return !won().isEmpty() || cells.indexOf(FREE) < 0;
    }
}

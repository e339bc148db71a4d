package org.channelgateway.examples.tictactoe;

import java.io.IOException;
import java.util.Optional;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * What the page of a game asks for, with the {@code id} of the game: {@code /move} with a {@code cell}, {@code /again}, and
 * {@code /token} for a channel whose time was up.
 */
public final class PlayServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Announcer announcer = new Announcer();

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Game> game = Games.ALL.find(request.getParameter("id"));
        Optional<Side> side = game.flatMap(found -> found.find(Player.of(request)));
        if (side.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else {
            play(request, response, game.get(), side.get());
        }
    }

    private void play(HttpServletRequest request, HttpServletResponse response, Game game, Side side)
            throws IOException {
        switch (request.getServletPath()) {
            case "/move" -> changed(response, game, game.move(side, cell(request)));
            case "/again" -> changed(response, game, game.again());
            case "/token" -> {
                response.setContentType("text/plain");
                response.setHeader("Cache-Control", "no-store");
                response.getWriter().println(announcer.token(game, side));
            }
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private static int cell(HttpServletRequest request) {
        String cell = request.getParameter("cell");
        return cell != null && cell.matches("[0-8]") ? Integer.parseInt(cell) : -1;
    }

    /** Everyone learns of a change over the channel, the one who made it too. */
    private void changed(HttpServletResponse response, Game game, boolean isChanged) {
        if (isChanged) {
            announcer.tellBoth(game);
        }
        response.setStatus(isChanged ? HttpServletResponse.SC_NO_CONTENT : HttpServletResponse.SC_CONFLICT);
    }
}

package org.channelgateway.examples.tictactoe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** {@code POST /game} begins a game; {@code GET /game?id=…} is its page, with a token for the channel of who asks. */
public final class GameServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Announcer announcer = new Announcer();

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        Game game = Games.ALL.create();
        game.join(Player.orNew(request, response));
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", "/game?id=" + game.id());
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Game> game = Games.ALL.find(request.getParameter("id"));
        if (game.isEmpty()) {
            page(response, HttpServletResponse.SC_NOT_FOUND, "none.html", "There is no such game any more.");
            return;
        }
        Optional<Side> side = game.get().join(Player.orNew(request, response));
        if (side.isEmpty()) {
            page(response, HttpServletResponse.SC_CONFLICT, "none.html", "This game has its two players already.");
            return;
        }
        announcer.tell(game.get(), side.get().other());
        page(
                response,
                HttpServletResponse.SC_OK,
                "game.html",
                game.get().id(),
                side.get().toString(),
                game.get().state(side.get()).replace("\"", "&quot;"),
                announcer.token(game.get(), side.get()));
    }

    /** Answers with a file of {@code WEB-INF}, in which {@code {0}} and so on stand for the values. */
    private void page(HttpServletResponse response, int status, String name, String... values) throws IOException {
        String text;
        try (InputStream in = getServletContext().getResourceAsStream("/WEB-INF/" + name)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (int i = 0; i < values.length; i++) {
            text = text.replace("{" + i + "}", values[i]);
        }
        response.setStatus(status);
        response.setContentType("text/html; charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().print(text);
    }
}

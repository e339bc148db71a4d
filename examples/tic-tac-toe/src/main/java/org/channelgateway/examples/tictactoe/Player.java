package org.channelgateway.examples.tictactoe;

import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Who asks: a cookie that the browser keeps. */
final class Player {
    private static final String COOKIE = "player";

    private Player() {}

    /** Empty when the browser was never here. */
    static String of(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(COOKIE)) {
                    return cookie.getValue();
                }
            }
        }
        return "";
    }

    /** Gives a cookie to a browser that has none. */
    static String orNew(HttpServletRequest request, HttpServletResponse response) {
        String known = of(request);
        if (!known.isEmpty()) {
            return known;
        }
        String made = Games.ALL.random();
        response.addHeader("Set-Cookie", COOKIE + "=" + made + "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
        return made;
    }
}

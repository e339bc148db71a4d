package org.channelgateway.gaeinterop;

import com.google.appengine.api.channel.ChannelService;
import com.google.appengine.api.channel.ChannelServiceFactory;
import java.io.IOException;
import javax.servlet.annotation.WebServlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** All of an application that knows no names but Google's: gives a page its token. */
@WebServlet("/token")
public final class TokenServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient ChannelService channels = ChannelServiceFactory.getChannelService();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter().print(channels.createChannel(request.getParameter("user")));
    }
}

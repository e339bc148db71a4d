package org.channelgateway.gaeinterop;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.channelgateway.api.appengine.SharedClient;
import org.channelgateway.api.jakarta.ChannelFailureException;
import org.channelgateway.api.jakarta.ChannelMessage;
import org.channelgateway.api.jakarta.ChannelPresence;
import org.channelgateway.api.jakarta.ChannelService;
import org.channelgateway.api.jakarta.ChannelServiceFactory;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The twin in a container of {@code jakarta.servlet}: an application that hands out tokens and answers what pages say. */
final class JakartaIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final class Application extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient ChannelService channels = ChannelServiceFactory.getChannelService();

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            try {
                response.getWriter().print(answer(request));
            } catch (ChannelFailureException | IllegalArgumentException | IllegalStateException | IOException e) {
                response.getWriter().print(e);
            }
        }

        private String answer(HttpServletRequest request) throws IOException {
            if (request.getRequestURI().endsWith("/token")) {
                return channels.createChannel(request.getParameter("user"), 5);
            }
            if (request.getRequestURI().endsWith("/receive")) {
                ChannelMessage message = channels.parseMessage(request);
                channels.sendMessage(new ChannelMessage(message.getClientId(), "echo: " + message.getMessage()));
                return "sent";
            }
            ChannelPresence presence = channels.parsePresence(request);
            return presence.clientId() + " connected " + presence.isConnected();
        }
    }

    private static GatewayProcess gateway;
    private static Server server;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        gateway = new GatewayProcess(data);
        gateway.configure();
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler application = new ServletContextHandler();
        application.addServlet(new ServletHolder(new Application()), "/*");
        server.setHandler(application);
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
        SharedClient.get().close();
        gateway.close();
    }

    private static String post(String path, String type, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.getURI().resolve(path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString()).body();
    }

    private static String form(String path, String... fields) throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(i == 0 ? "" : "&").append(fields[i]).append('=');
            body.append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return post(path, "application/x-www-form-urlencoded", body.toString());
    }

    private static String presence(String path, String clientId) throws IOException, InterruptedException {
        String body = "--+++\r\nContent-Disposition: form-data; name=\"from\"\r\n"
                + "Content-Type: text/plain; charset=UTF-8\r\n\r\n" + clientId + "\r\n--+++--\r\n";
        return post(path, "multipart/form-data; boundary=+++", body);
    }

    @Test
    void aPageGetsTheEchoOfWhatItSends() throws Exception {
        Page page = new Page(gateway.uri(), form("/token", "user", "Zoë 😀"));

        assertThat(form("/_ah/channel/receive", "key", "Zoë 😀", "msg", "Hällo"))
                .isEqualTo("sent");

        assertThat(page.next()).isEqualTo("echo: Hällo");
    }

    @Test
    void presenceIsRead() throws Exception {
        assertThat(presence("/_ah/channel/connected/", "Zoë 😀")).isEqualTo("Zoë 😀 connected true");
        assertThat(presence("/_ah/channel/disconnected/", "a")).isEqualTo("a connected false");
    }

    @Test
    void failuresAreThoseOfAppEngineUnderTheNameOfTheTwin() throws Exception {
        assertThat(form("/token", "user", "u".repeat(257)))
                .isEqualTo("java.lang.IllegalArgumentException: Invalid client ID. "
                        + "The clientid must be fewer than 256 bytes when encoded to UTF-8.");
        assertThat(form("/token", "user", ""))
                .isEqualTo("org.channelgateway.api.jakarta.ChannelFailureException: An unexpected error occurred.");
        assertThat(form("/_ah/channel/receive"))
                .isEqualTo("java.lang.IllegalStateException: Client id parameter not found in HTTP request.");
        assertThat(form("/_ah/channel/connected/", "from", "a"))
                .isEqualTo("java.io.IOException: Could not parse incoming request.");
    }
}

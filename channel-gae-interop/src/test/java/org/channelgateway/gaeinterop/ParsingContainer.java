package org.channelgateway.gaeinterop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** Tomcat 9 with an application for each side, which parses what is posted to it and answers what came of it. */
final class ParsingContainer implements AutoCloseable {
    /** With this header the application has read the body before it parses. */
    static final String READ = "X-Read";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final class Application extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Side side;

        Application(Side side) {
            this.side = side;
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getHeader(READ) != null) {
                request.getInputStream().readAllBytes();
            }
            Outcome outcome = request.getRequestURI().endsWith("/receive")
                    ? side.parseMessage(request)
                    : side.parsePresence(request);
            String text = outcome.caused() + " " + outcome.what();
            response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private final Tomcat tomcat = new Tomcat();

    /** @param sides by the path of their application, without slashes */
    ParsingContainer(Path folder, Map<String, Side> sides) {
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        sides.forEach((name, side) -> {
            Context context = tomcat.addContext("/" + name, null);
            Tomcat.addServlet(context, "application", new Application(side));
            context.addServletMappingDecoded("/*", "application");
        });
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Posts to one of the applications.
     *
     * @param path below it
     * @param headers by name
     */
    Outcome post(String application, String path, Map<String, String> headers, byte[] body) {
        int port = tomcat.getConnector().getLocalPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/" + application + path))
                .POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            String text = answer.body();
            if (answer.statusCode() != 200) {
                throw new AssertionError(answer + " " + text + " (expected: 200)");
            }
            int space = text.indexOf(' ');
            return new Outcome(text.substring(space + 1), Boolean.parseBoolean(text.substring(0, space)));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new AssertionError(e);
        }
    }
}

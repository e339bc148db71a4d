package org.channelgateway.gaeinterop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application in Tomcat 9, with the drop-in among its own files, before Google's SDK. */
final class WebApplicationIT {
    private static final List<String> LIBRARIES =
            List.of("channel-java-api", "smack-", "jxmpp-", "minidns-", "jspecify");

    private static GatewayProcess gateway;

    @TempDir
    private Path folder;

    private Tomcat tomcat;

    @BeforeAll
    static void startGateway(@TempDir Path data) throws IOException {
        gateway = new GatewayProcess(data);
        gateway.configure();
    }

    @AfterAll
    static void stopGateway() {
        gateway.close();
    }

    @BeforeEach
    void start() {
        tomcat = new Tomcat();
        tomcat.setBaseDir(folder.resolve("tomcat").toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.setAddDefaultWebXmlToWebapp(false);
    }

    @AfterEach
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    private static Stream<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of);
    }

    private static Path jar(String name) {
        return classPath()
                .filter(path -> path.getFileName().toString().startsWith(name))
                .findAny()
                .orElseThrow();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    /** The application, without what it takes for {@code com.google.appengine.api.channel}. */
    private Path application() throws IOException {
        Path servlet = Path.of(TokenServlet.class.getName().replace('.', '/') + ".class");
        Path web = folder.resolve("application/WEB-INF");
        Path copied = web.resolve("classes").resolve(servlet);
        Files.createDirectories(copied.getParent());
        Files.createDirectories(web.resolve("lib"));
        Files.copy(Path.of("target", "test-classes").resolve(servlet), copied);
        for (Path library : classPath().toList()) {
            String name = library.getFileName().toString();
            if (LIBRARIES.stream().anyMatch(name::startsWith)) {
                Files.copy(library, web.resolve("lib").resolve(name));
            }
        }
        return web;
    }

    private Context deploy() throws Exception {
        String files = folder.resolve("application").toString();
        Context context = tomcat.addWebapp(tomcat.getHost(), "/app", files, new ContextConfig());
        context.getJarScanner().setJarScanFilter((type, jar) -> false);
        tomcat.start();
        return context;
    }

    private String token() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/app/token?user=web");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    /** The threads of the library in the application. */
    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("channel-client"))
                .toList();
    }

    private void servesAndClosesWithTheApplication(Context context) throws Exception {
        assertThat(context.getState().isAvailable()).isTrue();
        assertThat(threads()).isEmpty();
        assertThat(token()).matches("[\\w-]{1,128}");
        assertThat(threads()).isNotEmpty();

        context.stop();

        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void runsWithTheJarAmongItsLibraries() throws Exception {
        Path web = application();
        Path jar = jar("channel-gae-api");
        Files.copy(jar, web.resolve("lib").resolve(jar.getFileName()));

        servesAndClosesWithTheApplication(deploy());
    }

    @Test
    void runsWithItsClassesBeforeGooglesJar() throws Exception {
        Path web = application();
        copy(Path.of("..", "channel-java-api", "gae", "target", "classes"), web.resolve("classes"));
        Files.copy(GoogleSdk.JAR, web.resolve("lib/a.jar"));

        servesAndClosesWithTheApplication(deploy());
    }
}

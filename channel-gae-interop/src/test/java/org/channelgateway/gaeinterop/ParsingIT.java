package org.channelgateway.gaeinterop;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same posts, read by the drop-in and by Google's SDK in a servlet container. */
final class ParsingIT {
    private static final String CONNECTED = "/_ah/channel/connected/";
    private static final String DISCONNECTED = "/_ah/channel/disconnected/";
    private static final String RECEIVE = "/_ah/channel/receive";

    private static final String FORM = "multipart/form-data; boundary=+++";
    private static final String URLENCODED = "application/x-www-form-urlencoded";
    private static final String FROM = "Content-Disposition: form-data; name=\"from\"\r\n";
    private static final String UNPARSED = "IOException: Could not parse incoming request.";
    private static final String NO_BODY = "IllegalStateException: Input stream already read, or empty.";
    private static final String NO_FROM = "IllegalArgumentException: Can't determine clientId from request body: …";
    private static final String NO_TYPE =
            "IllegalArgumentException: Can't determine the type of channel presence from the path: ";

    /** Without a line that begins the first part the parser in the SDK's own jar never ends. */
    private static final Set<String> ENDLESS_IN_THE_SDK = Set.of("urlencoded", "with another boundary");

    private static ParsingContainer container;

    @BeforeAll
    static void start(@TempDir Path folder) {
        Map<String, Side> sides = Map.ofEntries(
                entry("ours", Side.ours()),
                entry("bare", new Side(GoogleSdk.loader(GoogleSdk.ACTIVATION, GoogleSdk.JAR))),
                entry("goog", new Side(GoogleSdk.loader(GoogleSdk.ACTIVATION, GoogleSdk.JAVA_MAIL, GoogleSdk.JAR))));
        container = new ParsingContainer(folder, sides);
    }

    @AfterAll
    static void stop() {
        container.close();
    }

    private static String came(String clientId) {
        return "returned " + clientId + " connected true";
    }

    /** One part with these headers, as App Engine's development server posted it. */
    private static String part(String headers, String content) {
        return "--+++\r\n" + headers + "\r\n" + content + "\r\n--+++\r\n";
    }

    private static Arguments row(String what, String expected, String path, String type, String body) {
        return Arguments.of(what, expected, path, type, body);
    }

    private static Arguments row(String what, String expected, String body) {
        return row(what, expected, CONNECTED, FORM, body);
    }

    static Stream<Arguments> presences() {
        String plain = part(FROM, "user-42");
        String utf8 = "Content-Type: text/plain; charset=UTF-8\r\n";
        return Stream.of(
                row("as the development server posts", came("user-42"), plain),
                row("that one has left", "returned user-42 connected false", DISCONNECTED, FORM, plain),
                row("with a last boundary", came("user-42"), plain.replaceFirst("\\+\\+\\+\r\n$", "+++--\r\n")),
                row("cut off after the last boundary", came("user-42"), plain.replaceFirst("\r\n$", "--")),
                row("below a folder", came("user-42"), "/deep" + CONNECTED, FORM, plain),
                row("in UTF-8", came("Zoë 😀"), part(FROM + utf8, "Zoë 😀")),
                row("without a charset", came("ZoÃ«"), part(FROM, "Zoë")),
                row(
                        "in a charset that nobody knows",
                        came("Zoë"),
                        part(FROM + "Content-Type: text/plain; charset=x-no\r\n", "Zoë")),
                row(
                        "in a charset that cannot be",
                        came("a"),
                        part(FROM + "Content-Type: text/plain; charset=\"a b\"\r\n", "a")),
                row("with everything in the id", came(" a\"b=c;d<&>%40/~\t"), part(FROM, " a\"b=c;d<&>%40/~\t")),
                row("with lines in the id", came("a\r\nb\n\nc\r"), part(FROM, "a\r\nb\n\nc\r")),
                row("with an id like a boundary", came("--++\r\n--+++-"), part(FROM, "--++\r\n--+++-")),
                row("without an id", came(""), part(FROM, "")),
                row("with lines that end with LF", came("user-42"), plain.replace("\r\n", "\n")),
                row(
                        "with other capitals",
                        came("user-42"),
                        part("CONTENT-disposition: FORM-data; NAME=from\r\n", "user-42")),
                row(
                        "with a folded header",
                        came("user-42"),
                        part("Content-Disposition: form-data;\r\n name=\"from\"\r\n", "user-42")),
                row(
                        "with more parameters",
                        came("a"),
                        part("Content-Disposition: form-data; x=1; name=from; filename=\"a;b\"\r\n", "a")),
                row("with an escape", came("a"), part("Content-Disposition: form-data; name=\"fr\\om\"\r\n", "a")),
                row("in base64", came("user-42"), part(FROM + "Content-Transfer-Encoding: base64\r\n", "dXNlci00Mg==")),
                row("as the second part", came("b"), "--+++\r\nX: y\r\n\r\na\r\n" + part(FROM, "b")),
                row("twice", came("a"), "--+++\r\n" + FROM + "\r\na\r\n" + part(FROM, "b")),
                row("after a preamble", came("user-42"), "Dear reader,\r\n\r\n" + plain),
                row("with white space after a boundary", came("a"), "--+++ \t\r\n" + FROM + "\r\na\r\n--+++-- \r\n"),
                row(
                        "with a quoted boundary",
                        came("a"),
                        CONNECTED,
                        "multipart/form-data; boundary=\"a b\"",
                        "--a b\r\n" + FROM + "\r\na\r\n--a b--\r\n"),
                row("of another multipart", came("user-42"), CONNECTED, "multipart/mixed; boundary=+++", plain),
                row("without a boundary in the type", came("user-42"), CONNECTED, "multipart/form-data", plain),
                row("of something that is no multipart", came("user-42"), CONNECTED, "text/plain", plain),
                row("cut off in the id", came("user"), "--+++\r\n" + FROM + "\r\nuser"),
                row("urlencoded", UNPARSED, CONNECTED, URLENCODED, "from=user-42"),
                row("with another boundary", UNPARSED, CONNECTED, "multipart/form-data; boundary=x", plain),
                row("with a part of no type", UNPARSED, part(FROM + "Content-Type: text\r\n", "a")),
                row("with no type of its own", UNPARSED, CONNECTED, "form", plain),
                row("of nothing", NO_BODY, ""),
                row(
                        "without a slash at the end",
                        NO_TYPE + "/…/_ah/channel/connected",
                        "/_ah/channel/connected",
                        FORM,
                        plain),
                row("of another path", NO_TYPE + "/…/connected/", "/connected/", FORM, plain),
                row(
                        "of another path, urlencoded",
                        NO_TYPE + "/…/connected/",
                        "/connected/",
                        URLENCODED,
                        "from=user-42"),
                row("of another path, of nothing", NO_BODY, "/connected/", FORM, ""),
                row("without a part from", NO_FROM, part("Content-Disposition: form-data; name=\"FROM\"\r\n", "a")),
                row("without names", NO_FROM, part("Content-Disposition: form-data\r\n", "a")),
                row("without headers", NO_FROM, part("", "a")),
                row("without a part", NO_FROM, "--+++\r\n"));
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                row("a message", "returned user-42 says Hi", RECEIVE, URLENCODED, "key=user-42&msg=Hi"),
                row("an empty one", "returned  says ", RECEIVE, URLENCODED, "key=&msg="),
                row(
                        "no client id",
                        "IllegalStateException: Client id parameter not found in HTTP request.",
                        RECEIVE,
                        URLENCODED,
                        "msg=Hi"),
                row(
                        "no message",
                        "IllegalStateException: Message parameter not found in HTTP request.",
                        RECEIVE,
                        URLENCODED,
                        "key=a"),
                row(
                        "neither",
                        "IllegalStateException: Client id parameter not found in HTTP request.",
                        RECEIVE,
                        URLENCODED,
                        ""));
    }

    private static Outcome posted(String application, String path, Map<String, String> headers, String body) {
        Outcome outcome = container.post(application, path, headers, body.getBytes(StandardCharsets.UTF_8));
        return new Outcome(outcome.what().replace("/" + application + "/", "/…/"), outcome.caused());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"presences", "messages"})
    void theSamePostHasTheSameOutcome(String what, String expected, String path, String type, String body) {
        Map<String, String> headers = Map.of("Content-Type", type);
        Outcome google = posted("goog", path, headers, body);

        assertThat(google.what()).as(what).isEqualTo(expected);
        assertThat(posted("ours", path, headers, body)).as(what).isEqualTo(google);
    }

    static Stream<Arguments> presencesThatEnd() {
        return presences().filter(row -> !ENDLESS_IN_THE_SDK.contains(row.get()[0]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("presencesThatEnd")
    void theSdkAloneHasTheSameOutcome(String what, String expected, String path, String type, String body) {
        assertThat(posted("bare", path, Map.of("Content-Type", type), body).what())
                .as(what)
                .isEqualTo(expected);
    }

    @Test
    void aPostWithoutATypeOrABodyThatWasReadHasTheSameOutcome() {
        String body = part(FROM, "user-42");
        List<Map<String, String>> all = List.of(Map.of(), Map.of("Content-Type", FORM, ParsingContainer.READ, "yes"));
        for (Map<String, String> headers : all) {
            assertThat(posted("ours", CONNECTED, headers, body)).isEqualTo(posted("goog", CONNECTED, headers, body));
        }
    }

    @Test
    void aBodyBeyondAllClientIdsIsNotRead() {
        assertThat(posted("ours", CONNECTED, Map.of("Content-Type", FORM), part(FROM, "u".repeat(1 << 16))))
                .isEqualTo(new Outcome(UNPARSED, true));
    }
}

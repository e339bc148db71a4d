package org.channelgateway.gaeinterop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.channelgateway.api.appengine.SharedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same calls to the drop-in before a gateway, and to Google's SDK before what stands for App Engine. */
final class SdkTableIT {
    private static final int INVALID_CHANNEL_KEY = 2;
    private static final int BAD_MESSAGE = 3;

    private static final String BAD_CLIENT_ID = "IllegalArgumentException: Invalid client ID. "
            + "The clientid must be fewer than 256 bytes when encoded to UTF-8.";
    private static final String LONG_MESSAGE =
            "IllegalArgumentException: The message must be fewer than 32767 bytes when encoded to UTF-8.";
    private static final String BAD_DURATION =
            "IllegalArgumentException: The channel token duration must be greater than 0 and less than 24 * 60.";
    private static final String UNEXPECTED = "ChannelFailureException: An unexpected error occurred.";
    private static final String TOKEN = "returned a token";
    private static final String DONE = "returned null";
    private static final String NULL = "NullPointerException";

    private static final Side OURS = Side.ours();
    private static final Side GOOGLE = GoogleSdk.before(SdkTableIT::answer);

    private static GatewayProcess gateway;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        gateway = new GatewayProcess(data);
        gateway.configure();
    }

    @AfterAll
    static void stop() {
        SharedClient.get().close();
        gateway.close();
    }

    /** Requests are a key, field 1, and in the end a duration or a message, field 2. */
    private static int answer(String method, byte[] request) {
        if (request[1] == 0) {
            return INVALID_CHANNEL_KEY;
        }
        boolean emptyMessage = method.equals("SendChannelMessage") && request[request.length - 1] == 0;
        return emptyMessage ? BAD_MESSAGE : 0;
    }

    private static Arguments row(String call, String expected, Function<Side, Outcome> calling) {
        return Arguments.of(call, expected, calling);
    }

    static Stream<Arguments> table() {
        String id256 = "i".repeat(256);
        String id257 = "i".repeat(257);
        String message = "m".repeat(32_767);
        return Stream.of(
                row("createChannel(null)", NULL, side -> side.create(null)),
                row("createChannel(null, 0)", NULL, side -> side.create(null, 0)),
                row("createChannel of nothing", UNEXPECTED, side -> side.create("")),
                row("createChannel of nothing, 5", UNEXPECTED, side -> side.create("", 5)),
                row("createChannel", TOKEN, side -> side.create("user-42")),
                row("createChannel of everything", TOKEN, side -> side.create(" a/b@c~d<&>'\"%\t\r\nÜ😀")),
                row("createChannel of half a pair", TOKEN, side -> side.create("half \uD83D a pair")),
                row("createChannel of 256 bytes", TOKEN, side -> side.create(id256)),
                row("createChannel of 257 bytes", BAD_CLIENT_ID, side -> side.create(id257)),
                row("createChannel of 128 × 2 bytes", TOKEN, side -> side.create("ü".repeat(128))),
                row("createChannel of 129 × 2 bytes", BAD_CLIENT_ID, side -> side.create("ü".repeat(129))),
                row("createChannel of 64 × 4 bytes", TOKEN, side -> side.create("😀".repeat(64))),
                row("createChannel of 65 × 4 bytes", BAD_CLIENT_ID, side -> side.create("😀".repeat(65))),
                row("createChannel of 256 halves", TOKEN, side -> side.create("\uD83D".repeat(256))),
                row("createChannel for -1", BAD_DURATION, side -> side.create("user-42", -1)),
                row("createChannel for 0", BAD_DURATION, side -> side.create("user-42", 0)),
                row("createChannel for 1", TOKEN, side -> side.create("user-42", 1)),
                row("createChannel for 1440", TOKEN, side -> side.create("user-42", 1440)),
                row("createChannel for 1441", BAD_DURATION, side -> side.create("user-42", 1441)),
                row("createChannel for least", BAD_DURATION, side -> side.create("user-42", Integer.MIN_VALUE)),
                row("createChannel, both wrong", BAD_DURATION, side -> side.create(id257, 0)),
                row("createChannel of nothing for 0", BAD_DURATION, side -> side.create("", 0)),
                row("sendMessage(null)", NULL, Side::sendNull),
                row("sendMessage to null", NULL, side -> side.send(null, "m")),
                row("sendMessage of null", NULL, side -> side.send("user-42", null)),
                row("sendMessage of null to 257 bytes", NULL, side -> side.send(id257, null)),
                row("sendMessage to nobody", DONE, side -> side.send("nobody", "m")),
                row("sendMessage to nothing", UNEXPECTED, side -> side.send("", "m")),
                row("sendMessage of nothing", UNEXPECTED, side -> side.send("user-42", "")),
                row("sendMessage to 256 bytes", DONE, side -> side.send(id256, "m")),
                row("sendMessage to 257 bytes", BAD_CLIENT_ID, side -> side.send(id257, "m")),
                row("sendMessage of 32767 bytes", DONE, side -> side.send("user-42", message)),
                row("sendMessage of 32768 bytes", LONG_MESSAGE, side -> side.send("user-42", message + "m")),
                row("sendMessage of 10923 × 3 bytes", LONG_MESSAGE, side -> side.send("user-42", "€".repeat(10_923))),
                row("sendMessage of half a pair", DONE, side -> side.send("user-42", "half \uDE00 a pair")),
                row("sendMessage, both wrong", BAD_CLIENT_ID, side -> side.send(id257, message + "m")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void theSameCallHasTheSameOutcome(String call, String expected, Function<Side, Outcome> calling) {
        Outcome google = calling.apply(GOOGLE);

        assertThat(google.what()).as(call).isEqualTo(expected);
        assertThat(calling.apply(OURS)).as(call).isEqualTo(google);
    }
}

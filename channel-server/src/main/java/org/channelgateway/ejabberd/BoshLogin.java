package org.channelgateway.ejabberd;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.registry.LoginKeys;
import org.jspecify.annotations.Nullable;

/**
 * Makes BOSH sessions at ejabberd that are authenticated (RFC 5802), bound and available, for browsers to go on with. Blocks its caller
 * for a few answers of ejabberd. Thread-safe.
 */
final class BoshLogin {
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final String MECHANISM = "SCRAM-SHA-1";
    /** Most time to connect, and for each answer. */
    static final Duration STEP_TIME = Duration.ofSeconds(3);

    /** Most time for all of it. */
    private static final Duration LOGIN_TIME = Duration.ofSeconds(6);

    /** How the resources begin that are bound here; sessions of others may have such a name, too. */
    static final String RESOURCE = "connect-";

    private static final int RESOURCE_BYTES = 12;
    private static final long MAX_FIRST_RID = 1L << 40; // and so far from the greatest

    private final String domain;
    private final int waitSeconds;
    private final SecureRandom random = new SecureRandom();

    BoshLogin(String domain, Duration waitTime) {
        this.domain = domain;
        this.waitSeconds = (int) waitTime.toSeconds();
    }

    /** A session is not made: ejabberd does not answer, or not as it should. */
    static class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }

        FailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A node that hangs or cannot be reached; another one may answer. */
    static final class NoAnswerException extends FailedException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * A session.
     *
     * @param nextRid of the browser's first request
     */
    record Made(String jid, String sid, long nextRid, int waitSeconds, int requests, int inactivitySeconds) {}

    /** Notes a session whose login is accepted, before it is bound; throws when it cannot be. */
    interface Noting {
        void bound(String resource);
    }

    /** Logs in as {@code account}. */
    Made login(UpstreamNode node, String account, LoginKeys keys, Noting noting) throws FailedException {
        return new Session(node).login(account, keys, noting);
    }

    private final class Session {
        private final UpstreamNode node;
        private final LoginConnections connections;
        private @Nullable LoginConnection connection;
        private long rid = 1 + Math.floorMod(random.nextLong(), MAX_FIRST_RID);
        private String sid = "";

        Session(UpstreamNode node) {
            this.node = node;
            this.connections = node.logins();
        }

        Made login(String account, LoginKeys keys, Noting noting) throws FailedException {
            boolean isMade = false;
            try {
                Made made = open(account, keys, noting);
                isMade = true;
                return made;
            } catch (ScramException e) {
                throw new FailedException("ejabberd does not speak " + MECHANISM, e);
            } catch (SocketTimeoutException e) {
                throw new NoAnswerException("ejabberd did not answer in time", e);
            } catch (IOException e) {
                throw new NoAnswerException("ejabberd cannot be reached", e);
            } finally {
                if (connection != null) {
                    connections.done(connection);
                }
                if (!isMade && !sid.isEmpty()) {
                    node.end(sid);
                }
            }
        }

        private Made open(String account, LoginKeys keys, Noting noting)
                throws FailedException, ScramException, IOException {
            ScramClient scram = ScramClient.builder()
                    .advertisedMechanisms(List.of(MECHANISM))
                    .username(account)
                    .clientAndServerKey(keys.clientKey(), keys.serverKey())
                    .build();
            LoginConnections.Begun begun = connections.begin(
                    request(
                            "to='" + domain + "' wait='" + waitSeconds + "' hold='1' ver='1.11' xml:lang='en'"
                                    + " xmlns:xmpp='" + BoshXml.XBOSH + "' xmpp:version='1.0'",
                            ""),
                    System.nanoTime() + LOGIN_TIME.toNanos());
            LoginConnection over = begun.connection();
            connection = over;
            LoginAnswer created = LoginAnswer.of(begun.answer());
            sid = created.attribute("sid");

            String first = base64(scram.clientFirstMessage().toString());
            over.write(request("", "<auth xmlns='" + SASL + "' mechanism='" + MECHANISM + "'>" + first + "</auth>"));
            scram.serverFirstMessage(LoginAnswer.of(over.read()).decoded(SASL, "challenge"));

            String last = base64(scram.clientFinalMessage().toString());
            over.write(request("", "<response xmlns='" + SASL + "'>" + last + "</response>"));
            scram.serverFinalMessage(LoginAnswer.of(over.read()).decoded(SASL, "success"));

            over.write(request("xmlns:xmpp='" + BoshXml.XBOSH + "' xmpp:restart='true'", ""));
            String resource = resource();
            noting.bound(resource); // while ejabberd restarts the stream
            LoginAnswer unused = LoginAnswer.of(over.read()); // what else is in a restart is lost

            over.write(request(
                    "",
                    "<iq xmlns='" + LoginAnswer.CLIENT + "' type='set' id='bind'><bind xmlns='" + LoginAnswer.BIND
                            + "'><resource>" + resource + "</resource></bind></iq>"));
            LoginAnswer bound = LoginAnswer.of(over.read());
            String jid = bound.jid();
            if (!jid.endsWith("/" + resource)) {
                throw new FailedException("ejabberd bound another resource than it was asked for");
            }
            return new Made(
                    jid,
                    sid,
                    bound.hasMessage() ? rid - 1 : rid, // asked for again, that answer is given again (XEP-0124 §14.3)
                    created.number("wait"),
                    created.number("requests"),
                    created.number("inactivity"));
        }

        private String resource() {
            byte[] bytes = new byte[RESOURCE_BYTES];
            random.nextBytes(bytes);
            return RESOURCE + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        private ByteBuffer request(String attributes, String content) {
            String of = sid.isEmpty() ? "" : " sid='" + sid + "'";
            String body = "<body xmlns='" + BoshXml.NAMESPACE + "' rid='" + rid++ + "'" + of
                    + (attributes.isEmpty() ? "" : " " + attributes) + ">" + content + "</body>";
            return node.request(body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

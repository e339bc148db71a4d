package org.channelgateway.ejabberd;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.registry.LoginKeys;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.jspecify.annotations.Nullable;

/**
 * Makes BOSH sessions at ejabberd that are authenticated (RFC 5802), bound and available, for browsers to go on with. Blocks its caller
 * for a few answers of ejabberd. Thread-safe.
 */
final class BoshLogin {
    private static final String CLIENT = "jabber:client";
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
    private static final String MECHANISM = "SCRAM-SHA-1";
    private static final Duration STEP_TIME = Duration.ofSeconds(3);
    private static final int OK = 200;
    /** How the resources begin that are bound here; sessions of others may have such a name, too. */
    static final String RESOURCE = "connect-";

    private static final int RESOURCE_BYTES = 12;
    private static final long MAX_FIRST_RID = 1L << 40; // and so far from the greatest

    private final String domain;
    private final int waitSeconds;
    private final SecureRandom random = new SecureRandom();
    private final XmlReader reader = new XmlReader(new XmlLimits(4 << 20, 32, 64, 100_000));

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

    /** Notes a session before it is available; throws when it cannot be. */
    interface Noting {
        void bound(String resource);
    }

    /** Logs in as {@code account}. */
    Made login(UpstreamNode node, String account, LoginKeys keys, Noting noting) throws FailedException {
        return new Session(node).login(account, keys, noting);
    }

    private final class Session {
        private final UpstreamNode node;
        private long rid = 1 + Math.floorMod(random.nextLong(), MAX_FIRST_RID);
        private String sid = "";

        Session(UpstreamNode node) {
            this.node = node;
        }

        Made login(String account, LoginKeys keys, Noting noting) throws FailedException {
            boolean isMade = false;
            try {
                Made made = open(account, keys, noting);
                isMade = true;
                return made;
            } catch (ScramException e) {
                throw new FailedException("ejabberd does not speak " + MECHANISM, e);
            } finally {
                if (!isMade && !sid.isEmpty()) {
                    node.end(sid);
                }
            }
        }

        private Made open(String account, LoginKeys keys, Noting noting) throws FailedException, ScramException {
            ScramClient scram = ScramClient.builder()
                    .advertisedMechanisms(List.of(MECHANISM))
                    .username(account)
                    .clientAndServerKey(keys.clientKey(), keys.serverKey())
                    .build();
            XmlElement created = ask(
                    "to='" + domain + "' wait='" + waitSeconds + "' hold='1' ver='1.11' xml:lang='en'" + " xmlns:xmpp='"
                            + BoshXml.XBOSH + "' xmpp:version='1.0'",
                    "");
            sid = attribute(created, "sid");
            String first = base64(scram.clientFirstMessage().toString());
            XmlElement challenged =
                    ask("", "<auth xmlns='" + SASL + "' mechanism='" + MECHANISM + "'>" + first + "</auth>");
            scram.serverFirstMessage(decoded(child(challenged, SASL, "challenge")));
            String last = base64(scram.clientFinalMessage().toString());
            XmlElement accepted = ask("", "<response xmlns='" + SASL + "'>" + last + "</response>");
            scram.serverFinalMessage(decoded(child(accepted, SASL, "success")));
            XmlElement unused =
                    ask("xmlns:xmpp='" + BoshXml.XBOSH + "' xmpp:restart='true'", ""); // what else is in it is lost
            String resource = resource();
            noting.bound(resource);
            XmlElement bound = ask(
                    "",
                    "<iq xmlns='" + CLIENT + "' type='set' id='bind'><bind xmlns='" + BIND + "'><resource>" + resource
                            + "</resource></bind></iq>");
            String jid = jid(bound);
            if (!jid.endsWith("/" + resource)) {
                throw new FailedException("ejabberd bound another resource than it was asked for");
            }
            return new Made(
                    jid,
                    sid,
                    hasMessage(bound) ? rid - 1 : rid, // asked for again, that answer is given again (XEP-0124 §14.3)
                    number(created, "wait"),
                    number(created, "requests"),
                    number(created, "inactivity"));
        }

        private String resource() {
            byte[] bytes = new byte[RESOURCE_BYTES];
            random.nextBytes(bytes);
            return RESOURCE + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        private XmlElement ask(String attributes, String content) throws FailedException {
            String of = sid.isEmpty() ? "" : " sid='" + sid + "'";
            String body = "<body xmlns='" + BoshXml.NAMESPACE + "' rid='" + rid++ + "'" + of
                    + (attributes.isEmpty() ? "" : " " + attributes) + ">" + content + "</body>";
            Answer answer = new Answer();
            Posting posting = node.postHere(body.getBytes(StandardCharsets.UTF_8), answer);
            try {
                return checked(answer.whole.get(STEP_TIME.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                posting.cancel();
                throw new NoAnswerException("ejabberd did not answer within " + STEP_TIME.toSeconds() + " s", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof FailedException answered
                        ? answered
                        : new NoAnswerException("ejabberd cannot be reached", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FailedException("the gateway stops", e);
            }
        }

        private XmlElement checked(byte[] bytes) throws FailedException {
            try {
                XmlElement body = reader.read(bytes);
                if ("terminate".equals(body.attribute("type"))) {
                    throw new FailedException("ejabberd ended the session: " + body.attribute("condition"));
                }
                return body;
            } catch (XmlException e) {
                throw new FailedException("ejabberd's answer is no BOSH", e);
            }
        }
    }

    private static final class Answer implements Posting.Receiver {
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

        @Override
        public void answered(int status, byte[] body) {
            if (status == OK) {
                whole.complete(body);
            } else {
                whole.completeExceptionally(new FailedException("ejabberd answered with status " + status));
            }
        }

        @Override
        public void failed(Throwable why) {
            whole.completeExceptionally(why);
        }

        @Override
        public void tooLong() {
            whole.completeExceptionally(new FailedException("ejabberd's answer is too long"));
        }
    }

    private static @Nullable XmlElement iq(XmlElement body) {
        return body.elements().stream()
                .filter(element -> element.is(CLIENT, "iq"))
                .findFirst()
                .orElse(null);
    }

    private static String jid(XmlElement answer) throws FailedException {
        XmlElement iq = iq(answer);
        XmlElement bind = iq == null ? null : iq.firstElement();
        XmlElement jid = bind == null || !bind.is(BIND, "bind") ? null : bind.firstElement();
        if (jid == null) {
            throw new FailedException("ejabberd did not bind a resource");
        }
        return jid.text();
    }

    private static boolean hasMessage(XmlElement body) {
        return body.elements().stream().anyMatch(element -> element.is(CLIENT, "message"));
    }

    private static String child(XmlElement body, String namespace, String name) throws FailedException {
        return body.elements().stream()
                .filter(element -> element.is(namespace, name))
                .map(XmlElement::text)
                .findFirst()
                .orElseThrow(() -> new FailedException("ejabberd sent no " + name));
    }

    private static String attribute(XmlElement body, String name) throws FailedException {
        String value = body.attribute(name);
        if (value == null) {
            throw new FailedException("ejabberd's session has no " + name);
        }
        return value;
    }

    private static int number(XmlElement body, String name) throws FailedException {
        try {
            return Integer.parseInt(attribute(body, name));
        } catch (NumberFormatException e) {
            throw new FailedException("ejabberd's session has no " + name + " that is a number", e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String base64) throws FailedException {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new FailedException("ejabberd's challenge is no base64", e);
        }
    }
}

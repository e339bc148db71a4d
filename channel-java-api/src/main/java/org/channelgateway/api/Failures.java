package org.channelgateway.api;

import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jivesoftware.smack.SmackException.EndpointConnectionException;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.SecurityRequiredByClientException;
import org.jivesoftware.smack.SmackException.SecurityRequiredByServerException;
import org.jivesoftware.smack.SmackException.SmackSaslException;
import org.jivesoftware.smack.XMPPException.StreamErrorException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.AbstractError;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smack.sasl.SASLError;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.sasl.packet.SaslNonza.SASLFailure;

/** Why no line could be made: refused, or unreachable. */
final class Failures {
    /** RFC 6120 §6.5. */
    private static final Set<SASLError> PASSING_LOGIN_ERRORS =
            Set.of(SASLError.temporary_auth_failure, SASLError.aborted);

    /** RFC 6120 §4.9.3. */
    private static final Set<StreamError.Condition> LASTING_STREAM_ERRORS =
            Set.of(StreamError.Condition.host_unknown, StreamError.Condition.not_authorized);

    /** RFC 6120 §4.9.3. */
    private static final Set<StreamError.Condition> ERRORS_OF_WHAT_WAS_READ = Set.of(
            StreamError.Condition.bad_format,
            StreamError.Condition.bad_namespace_prefix,
            StreamError.Condition.improper_addressing,
            StreamError.Condition.invalid_from,
            StreamError.Condition.invalid_namespace,
            StreamError.Condition.invalid_xml,
            StreamError.Condition.not_well_formed,
            StreamError.Condition.policy_violation,
            StreamError.Condition.restricted_xml,
            StreamError.Condition.unsupported_encoding,
            StreamError.Condition.unsupported_stanza_type);

    private static final String NOT_AUTHORIZED = SASLError.not_authorized.toString();

    private Failures() {}

    /**
     * Whether it is the name or the secret that was refused. Of those that were taken before it says little: a server that cannot
     * reach its accounts may refuse a login like a wrong secret, as ejabberd does.
     */
    static boolean isOfCredentials(RefusedException refused) {
        return refused.condition().equals(NOT_AUTHORIZED);
    }

    /** Whether the gateway ended a stream because of something that it had read, and not for a reason of its own. */
    static boolean isOfWhatWasRead(Throwable why) {
        return why instanceof StreamErrorException e
                && ERRORS_OF_WHAT_WAS_READ.contains(e.getStreamError().getCondition());
    }

    /** Of the request that was alone on a stream that ended so: no repeat will do, and nobody knows how far it came. */
    static RefusedException ofCulprit(Throwable why) {
        if (why instanceof StreamErrorException e) {
            StreamError said = e.getStreamError();
            return new RefusedException(said.getCondition().toString(), text(said), false, true, why);
        }
        throw new AssertionError(why);
    }

    static ChannelException of(GatewayUrl url, Throwable failure) {
        if (failure instanceof SASLErrorException e) {
            SASLFailure said = e.getSASLFailure();
            boolean passing = PASSING_LOGIN_ERRORS.contains(said.getSASLError());
            return new RefusedException(said.getSASLError().toString(), text(said), passing, false, failure);
        }
        if (failure instanceof StreamErrorException e) {
            StreamError said = e.getStreamError();
            boolean passing = !LASTING_STREAM_ERRORS.contains(said.getCondition());
            return new RefusedException(said.getCondition().toString(), text(said), passing, false, failure);
        }
        if (failure instanceof XMPPErrorException e) {
            StanzaError said = e.getStanzaError();
            return new RefusedException(said.getCondition().toString(), text(said), true, false, failure);
        }
        return new UnreachableException(where(url) + ": " + why(failure), false, failure);
    }

    private static String text(AbstractError error) {
        String text = error.getDescriptiveText();
        return text == null ? "" : text;
    }

    private static String why(Throwable failure) {
        if (failure instanceof SecurityRequiredByServerException) {
            return "it wants TLS (expected: tls=required)";
        }
        if (failure instanceof SecurityRequiredByClientException) {
            return "it offers no TLS (expected: a gateway with a certificate)";
        }
        if (failure instanceof SmackSaslException) {
            return "it offers no login that is known here (expected: PLAIN or SCRAM-SHA-1)";
        }
        if (failure instanceof UnknownHostException) {
            return "its name is not known";
        }
        if (failure instanceof EndpointConnectionException e
                && !e.getConnectionExceptions().isEmpty()) {
            Exception last = e.getConnectionExceptions()
                    .get(e.getConnectionExceptions().size() - 1)
                    .getException();
            return String.valueOf(last.getMessage());
        }
        if (failure instanceof NoResponseException) {
            return "it does not answer";
        }
        Throwable root = root(failure);
        if (root instanceof SSLException || root instanceof CertificateException) {
            return "TLS failed: " + root.getMessage();
        }
        return String.valueOf(failure.getMessage());
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (root instanceof SSLException || root instanceof CertificateException) {
                return root;
            }
            root = cause;
        }
        return root;
    }

    /** Without the secret. */
    static String where(GatewayUrl url) {
        return url.host() + ":" + url.port();
    }
}

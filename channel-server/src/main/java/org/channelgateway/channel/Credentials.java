package org.channelgateway.channel;

import org.channelgateway.registry.AccountKind;
import org.channelgateway.registry.Accounts;

/** Says whom an account's name and secret make. Thread-safe. */
public final class Credentials {
    private final Accounts accounts;
    private final Admissions admissions;

    public Credentials(Accounts accounts, Admissions admissions) {
        this.accounts = accounts;
        this.admissions = admissions;
    }

    /**
     * Judges a login.
     *
     * @param localpart of the account; its kind shows in it, so that no application is ever taken for a subscriber
     * @param secret of an application, or the token of a channel
     */
    public Credential judge(String localpart, String secret) {
        AccountKind kind = AccountKind.of(localpart).orElse(AccountKind.USER);
        return switch (kind) {
            case APP -> application(localpart, secret);
            case CHANNEL -> subscriber(admissions.byAccount(localpart, secret));
            case USER, ADMIN -> new Credential.Refused(SessionEnd.INVALID_TOKEN);
        };
    }

    private Credential application(String localpart, String secret) {
        return accounts.find(localpart)
                .filter(account -> account.secret().matches(secret))
                .<Credential>map(account -> new Credential.Application(AccountKind.APP.name(localpart)))
                .orElse(new Credential.Refused(SessionEnd.INVALID_TOKEN));
    }

    private static Credential subscriber(Admission admission) {
        if (admission instanceof Admission.Admitted admitted) {
            return new Credential.Subscriber(admitted.lease());
        } else if (admission instanceof Admission.Refused refused) {
            return new Credential.Refused(refused.why());
        } else {
            throw new AssertionError(admission);
        }
    }
}

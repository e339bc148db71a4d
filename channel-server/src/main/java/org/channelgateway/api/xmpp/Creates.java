package org.channelgateway.api.xmpp;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.Times;
import org.channelgateway.registry.Attempt;
import org.channelgateway.registry.IssuedLease;
import org.channelgateway.registry.Leases;
import org.channelgateway.stream.Stanzas;
import org.channelgateway.xml.XmlElement;

/** Requests to create that came together: they are written together, and each has its own answer. Thread-safe. */
final class Creates {
    static final String NAME = "create";

    private final ChannelService channels;

    Creates(ChannelService channels) {
        this.channels = channels;
    }

    /** What became of each, in order. */
    List<Attempt<IssuedLease>> make(String app, List<XmlElement> iqs) {
        List<Attempt<Leases.Wanted>> checked =
                iqs.stream().map(iq -> Attempt.of(() -> wanted(iq))).toList();
        Iterator<Attempt<IssuedLease>> made = channels.create(
                        app,
                        checked.stream()
                                .filter(Attempt::isMade)
                                .map(Attempt::get)
                                .toList())
                .iterator();
        return checked.stream().map(one -> one.then(wanted -> made.next())).toList();
    }

    private Leases.Wanted wanted(XmlElement iq) {
        XmlElement request = iq.elements().get(0);
        Commands.checkType(iq, request);
        Commands.checkAttributes(request, Set.of("key", "duration"));
        return channels.wanted(Commands.text(request, "key"), Commands.minutes(request));
    }

    XmlElement answer(XmlElement iq, IssuedLease issued) {
        return Stanzas.result(
                iq,
                Commands.element(
                        "channel",
                        "token",
                        issued.token().value(),
                        "jid",
                        channels.jid(issued.lease()),
                        "expires",
                        Times.text(issued.lease().expires())));
    }
}

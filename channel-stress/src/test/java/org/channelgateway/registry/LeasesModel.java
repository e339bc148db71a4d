package org.channelgateway.registry;

import java.util.ArrayList;
import java.util.List;

/** What {@link LeasesStress} should see, as if one thing happened after the other: a list of leases. */
public class LeasesModel {
    private enum State {
        LIVE,
        EXPIRED,
        GONE
    }

    private final List<State> states = new ArrayList<>(List.of(State.LIVE, State.EXPIRED, State.LIVE));

    public void create() {
        states.add(State.LIVE);
    }

    public String authenticate(int i) {
        return states.get(i).toString();
    }

    public boolean revoke(int i) {
        boolean was = states.get(i) == State.LIVE;
        states.set(i, State.GONE);
        return was;
    }

    public int revokeAll() {
        int were = look();
        states.replaceAll(state -> State.GONE);
        return were;
    }

    public int look() {
        return (int) states.stream().filter(state -> state == State.LIVE).count();
    }

    public int sweep() {
        int expired =
                (int) states.stream().filter(state -> state == State.EXPIRED).count();
        states.replaceAll(state -> state == State.EXPIRED ? State.GONE : state);
        return expired;
    }
}

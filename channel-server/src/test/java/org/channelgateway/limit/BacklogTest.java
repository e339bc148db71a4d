package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BacklogTest {
    private final Backlog backlog = new Backlog(1000);

    private final class Client implements Backlog.Reader {
        private int waiting;
        private int kept;

        Client(int bytes) {
            this(bytes, 0);
        }

        Client(int bytes, int keptBytes) {
            waiting = bytes;
            kept = keptBytes;
            backlog.add(bytes + keptBytes);
        }

        @Override
        public int keptBytes() {
            return kept;
        }

        @Override
        public void forgetKept() {
            backlog.add(-kept);
            kept = 0;
        }

        @Override
        public int waitingBytes() {
            return waiting;
        }

        @Override
        public void endSlow() {
            backlog.add(-waiting);
            waiting = 0;
            forgetKept();
        }
    }

    @Test
    void endsNobodyWhileThereIsRoom() {
        List<Client> clients = List.of(new Client(400), new Client(600));
        backlog.relieve(() -> clients);
        assertThat(clients).allMatch(client -> client.waiting > 0);
        assertThat(backlog.isFull()).isFalse();
    }

    @Test
    void endsTheSlowestUntilAQuarterIsFree() {
        List<Client> clients =
                List.of(new Client(10), new Client(500), new Client(200), new Client(300), new Client(700));
        assertThat(backlog.isFull()).isTrue();
        backlog.relieve(() -> clients);
        assertThat(clients).extracting(Client::waitingBytes).containsExactly(10, 0, 200, 300, 0);
        assertThat(backlog.isFull()).isFalse();
    }

    @Test
    void letsWhatIsKeptGoAndEndsOnlyThoseForWhichMoreWaits() {
        List<Client> clients =
                List.of(new Client(10, 400), new Client(500, 20), new Client(0, 300), new Client(30, 60));
        assertThat(backlog.isFull()).isTrue();
        backlog.relieve(() -> clients);
        assertThat(clients).extracting(Client::waitingBytes).containsExactly(10, 0, 0, 30);
        assertThat(clients).extracting(Client::keptBytes).containsExactly(0, 0, 300, 60);
    }
}

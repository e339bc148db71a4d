package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The registry when its file was closed below it, and the folder may be away. */
final class H2FileFailureTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(H2File.class);

    @TempDir
    Path parent;

    private Path data;
    private Path away;
    private H2File file;
    private JdbcLeases leases;
    private Token before;

    @BeforeEach
    void open() {
        logger.addAppender(log);
        logger.setAdditive(false);
        log.start();
        data = parent.resolve("data");
        away = parent.resolve("away");
        file = H2File.open(data, nanos::get);
        Schema.migrate(file.connections(), "h2");
        leases = new JdbcLeases(
                new Database(file, nanos::get),
                Vendor.H2,
                InstantSource.system(),
                LeaseLimits.NONE,
                new LocalLeaseCounts(),
                new FullKeys(InstantSource.system()),
                Duration.ofSeconds(5),
                false);
        before = create().token();
    }

    @AfterEach
    void close() {
        file.close();
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    private IssuedLease create() {
        return leases.create("app", ChannelKey.of("user-42"), Duration.ofMinutes(1));
    }

    private Throwable failBelowAWrite() {
        Thread.currentThread().interrupt(); // closes the file
        Throwable failure = catchThrowable(this::create);
        assertThat(Thread.interrupted()).isTrue();
        return failure;
    }

    private void takeTheFolderAway() throws Exception {
        Files.move(data, away);
        Files.createFile(data); // so that none can be made there
    }

    private void bringTheFolderBack() throws Exception {
        Files.delete(data);
        Files.move(away, data);
    }

    private void passAPause() {
        nanos.addAndGet(H2File.PAUSE.toNanos());
    }

    @Test
    void opensTheFileAgainAfterAWriteThatFailed() {
        assertThat(failBelowAWrite()).isInstanceOf(RegistryException.class);

        assertThat(leases.find(create().token())).isPresent();
        assertThat(leases.find(before)).isPresent();
    }

    @Test
    void triesAgainWhenTheFileCouldNotBeOpenedAgain() throws Exception {
        takeTheFolderAway();
        failBelowAWrite();
        passAPause();
        assertThatThrownBy(this::create).isInstanceOf(RegistryException.class);

        bringTheFolderBack();
        passAPause();

        assertThat(leases.find(create().token())).isPresent();
        assertThat(leases.find(before)).isPresent();
    }

    @Test
    void waitsAPauseBetweenTwoAttempts() throws Exception {
        takeTheFolderAway();
        failBelowAWrite();
        assertThatThrownBy(this::create).isInstanceOf(RegistryException.class); // the first attempt at the latest
        bringTheFolderBack();
        nanos.addAndGet(H2File.PAUSE.toNanos() - 1);

        assertThatThrownBy(this::create)
                .hasMessage("the registry's file is closed; after a failure it is opened again");

        nanos.incrementAndGet();
        assertThat(leases.find(before)).isPresent();
    }

    @Test
    void opensNothingOnceClosed() throws Exception {
        takeTheFolderAway();
        failBelowAWrite();
        bringTheFolderBack();
        passAPause();

        file.close();

        assertThatThrownBy(this::create).isInstanceOf(RegistryException.class);
    }

    @Test
    void logsOnceThatItCannotOpenTheFileAndOnceThatItCan() throws Exception {
        takeTheFolderAway();
        failBelowAWrite();
        for (int i = 0; i < 3; i++) {
            passAPause();
            assertThatThrownBy(this::create).isInstanceOf(RegistryException.class);
        }
        bringTheFolderBack();
        passAPause();
        create();

        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR, Level.WARN);
    }

    @Test
    void givesTheTraceOfAFailureOnceAMinute() throws Exception {
        takeTheFolderAway();

        assertThat(failBelowAWrite()).hasCauseInstanceOf(SQLException.class);
        assertThatThrownBy(this::create)
                .hasNoCause()
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
        bringTheFolderBack();
        passAPause();
        assertThat(failBelowAWrite())
                .hasNoCause()
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        create();
        assertThat(failBelowAWrite()).hasCauseInstanceOf(SQLException.class);
    }
}

package org.channelgateway.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashSet;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.channelgateway.stats.RefusalCounts.Refusal;

/**
 * All meters. What is counted is counted by the parts themselves, whether or not anybody asks; a meter only reads it. Confined to
 * one thread.
 */
final class Meters {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Observed observed;
    private final Set<Refusal> knownRefusals = new HashSet<>();
    private Snapshot now;

    Meters(Observed observed) {
        this.observed = observed;
        this.now = Snapshot.of(observed, new DatabaseProbe.Answer(false, 0, ""));
        registry.throwExceptionOnRegistrationFailure();
        TrafficMeters.register(this, observed);
        CallbackMeters.register(this, observed.callbacks());
        ServerMeters.register(this, observed);
        ProcessMeters.register(this, registry);
    }

    String scrape(DatabaseProbe.Answer database) {
        now = Snapshot.of(observed, database);
        observed.refusals().all().keySet().stream().filter(knownRefusals::add).forEach(this::refusal);
        return registry.scrape();
    }

    private void refusal(Refusal refusal) {
        counter(
                "gateway.refusals",
                "What was refused, by the door it came to and the reason",
                () -> observed.refusals().count(refusal),
                "door",
                refusal.door(),
                "reason",
                refusal.reason());
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** @param tags names and values in turn */
    void gauge(String name, String help, ToDoubleFunction<Snapshot> value, String... tags) {
        Gauge unused = Gauge.builder(name, this, meters -> value.applyAsDouble(meters.now))
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** @param name without {@code _total} */
    void counter(String name, String help, DoubleSupplier value, String... tags) {
        FunctionCounter unused = FunctionCounter.builder(name, this, meters -> value.getAsDouble())
                .description(help)
                .tags(tags)
                .register(registry);
    }

    /** One that is counted by what the snapshot is made from. */
    void counted(String name, String help, ToDoubleFunction<Snapshot> value, String... tags) {
        counter(name, help, () -> value.applyAsDouble(now), tags);
    }
}

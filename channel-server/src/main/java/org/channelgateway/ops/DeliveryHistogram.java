package org.channelgateway.ops;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import org.channelgateway.stats.DeliveryTimes;

/** {@link DeliveryTimes} as Prometheus reads them: a Micrometer timer would cost each delivery several times as much. */
final class DeliveryHistogram implements Collector {
    private final String name;
    private final String help;
    private final DeliveryTimes times;

    DeliveryHistogram(String name, String help, DeliveryTimes times) {
        this.name = name;
        this.help = help;
        this.times = times;
    }

    @Override
    public MetricSnapshot collect() {
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(times.bounds(), times.counts()))
                        .sum(times.sum())
                        .build())
                .build();
    }
}

package org.channelgateway.bench;

import java.util.List;
import java.util.Locale;

/** The middle of a series, and its range. */
record Median(double middle, double least, double most) {
    /** @param values at least one; of an even number, the middle is between two of them */
    static Median of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int last = sorted.size() - 1;
        double middle = (sorted.get(last / 2) + sorted.get((last + 1) / 2)) / 2;
        return new Median(middle, sorted.get(0), sorted.get(last));
    }

    String in(String unit) {
        return String.format(Locale.ROOT, "%.0f %s (%.0f..%.0f)", middle, unit, least, most);
    }
}

package org.channelgateway.it;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a gateway under test differs from the default.
 *
 * @param overrides scalar settings by their names as environment variables, e.g. {@code CHANNEL_BOSH_WAIT}
 * @param origins pages of these origins may use the channels of the tests' app
 * @param neighbourOrigins pages of these may use those of another app only
 * @param demo without any app, so that the gateway has its demo page; the tests' app is {@code demo} then
 */
record FixtureSettings(
        Map<String, String> overrides, List<String> origins, List<String> neighbourOrigins, boolean demo) {
    FixtureSettings {
        overrides = Map.copyOf(overrides);
        origins = List.copyOf(origins);
        neighbourOrigins = List.copyOf(neighbourOrigins);
    }

    static FixtureSettings demoPage() {
        return new FixtureSettings(Map.of(), List.of(), List.of(), true);
    }

    static FixtureSettings withoutPages() {
        return new FixtureSettings(Map.of(), List.of(), List.of(), false);
    }

    static FixtureSettings pagesOf(PageServer pages) {
        return new FixtureSettings(Map.of(), List.of(pages.origin()), List.of(), false);
    }

    FixtureSettings neighbour(PageServer pages) {
        return new FixtureSettings(overrides, origins, List.of(pages.origin()), demo);
    }

    FixtureSettings with(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(overrides);
        more.put(variable, value);
        return new FixtureSettings(more, origins, neighbourOrigins, demo);
    }
}

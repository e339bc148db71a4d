package org.channelgateway;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** After each class of tests: nothing that the gateway logged meanwhile shows a secret. Registered for all of them. */
public final class NothingLeaks implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
        List<String> leaks = LeakWatch.leaks();
        if (!leaks.isEmpty()) {
            throw new AssertionError("secrets in the log:\n" + String.join("\n", leaks));
        }
    }
}

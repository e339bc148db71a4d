package org.channelgateway.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** A JVM that opens a registry, makes leases on four threads without end and prints each token once it has it. */
final class CreatingProcess {
    private CreatingProcess() {}

    public static void main(String[] args) throws Exception {
        Registry registry = Registry.open(new RegistryConfig(Path.of(args[0])), InstantSource.system());
        Together.run(4, () -> {
            while (!System.out.checkError()) {
                IssuedLease issued = registry.leases().create("app", ChannelKey.of("k"), Duration.ofHours(2));
                System.out.println(issued.token().value());
            }
            return 0;
        });
    }

    static Process start(Path data) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        CreatingProcess.class.getName(),
                        data.toString())
                .redirectError(Redirect.INHERIT)
                .start();
    }

    static BufferedReader tokens(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }
}

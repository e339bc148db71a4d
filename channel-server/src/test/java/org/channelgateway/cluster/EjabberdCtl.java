package org.channelgateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Debian's {@code ejabberdctl} for one node, as those who look after it run it. */
final class EjabberdCtl {
    private static final Path DEBIANS = Path.of("/usr/sbin/ejabberdctl");

    private final Path folder;
    private final List<String> as;

    /**
     * @param folder of the node
     * @param as what makes a command one of the node's user; empty when it is this user
     */
    EjabberdCtl(Path folder, List<String> as, ErlangDistribution distribution) throws IOException {
        this.folder = folder;
        this.as = as;
        // Only its check of who runs it is left out: that user may be another one than Debian's here.
        String script = Files.readString(DEBIANS).replaceFirst("(?m)^INSTALLUSER=.*$", "INSTALLUSER=");
        Files.writeString(folder.resolve("ejabberdctl"), script);
        Files.setPosixFilePermissions(folder.resolve("ejabberdctl"), PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.writeString(folder.resolve("ejabberdctl.cfg"), distribution.settings());
        Files.writeString(folder.resolve("inetrc"), "");
    }

    /** What a command says, which has to succeed, such as {@code list_cluster}. */
    String run(String... words) {
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of(folder.resolve("ejabberdctl").toString(), "--config-dir", folder.toString()));
        command.addAll(List.of("--spool", folder.resolve("spool").toString()));
        command.addAll(List.of("--logs", folder.resolve("log").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("HOME", folder.toString()));
        try {
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError(String.join(" ", words) + ": " + status + " " + said + " (expected: 0)");
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

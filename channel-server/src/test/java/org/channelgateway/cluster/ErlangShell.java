package org.channelgateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.channelgateway.LeakWatch;

/** Speaks to an Erlang node over its standard input and output. Thread-safe. */
final class ErlangShell {
    private static final String ANSWER = "=> ";

    /** Evaluated by the node: reads expressions, one a line, and says what each is; ends the node with its input. */
    static final String LOOP = "spawn(fun Loop() -> case io:get_line(\"\") of"
            + " Line when is_list(Line) -> try {ok, T, _} = erl_scan:string(Line), {ok, E} = erl_parse:parse_exprs(T),"
            + " {value, V, _} = erl_eval:exprs(E, []), io:format(\"" + ANSWER + "~0p~n\", [V])"
            + " catch C:R -> io:format(\"" + ANSWER + "~0p~n\", [{C, R}]) end, Loop();"
            + " _ -> erlang:halt(0, [{flush, false}]) end end).";

    private final Process process;
    private final List<String> said;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(1);

    /** @param said what it says, but for answers, is added to it; thread-safe */
    ErlangShell(Process process, List<String> said) {
        this.process = process;
        this.said = said;
        new Thread(this::read, "erlang-says").start();
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ANSWER)) {
                    answers.put(line.substring(ANSWER.length()));
                } else {
                    LeakWatch.said(line);
                    said.add(line);
                }
            }
        } catch (IOException e) {
            said.add(e.toString()); // killed
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What an expression is, as Erlang prints it on one line; what it throws is {@code {Class, Reason}}. */
    synchronized String eval(String expression) {
        try {
            Writer writer = process.outputWriter(UTF_8);
            writer.write(expression + ".\n");
            writer.flush();
            String answer = answers.poll(EjabberdProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("no answer to " + expression + ": " + String.join("\n", said));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

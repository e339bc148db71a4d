package org.channelgateway.http;

/** Ends a request with a {@link Problem}: the caller's mistake, said where it is found. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public ProblemException(int status, String detail) {
        this(new Problem(status, detail));
    }

    public Problem problem() {
        return problem;
    }
}

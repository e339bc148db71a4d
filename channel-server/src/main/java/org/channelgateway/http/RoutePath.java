package org.channelgateway.http;

import java.util.List;

/** A request path as it was sent, cut at its slashes; nothing is decoded, so nothing can be smuggled into a literal. */
final class RoutePath {
    static final String ANY = "*";

    private RoutePath() {}

    static List<String> split(String rawPath) {
        return List.of(rawPath.substring(1).split("/", -1));
    }

    /** The index of the segment that the first {@code *} stands for, -1 when the path does not match. */
    static int match(List<String> pattern, List<String> path) {
        if (pattern.size() != path.size()) {
            return -1;
        }
        int variable = -1;
        for (int i = 0; i < pattern.size(); i++) {
            if (pattern.get(i).equals(ANY)) {
                variable = variable < 0 ? i : variable;
            } else if (!pattern.get(i).equals(path.get(i))) {
                return -1;
            }
        }
        return variable;
    }
}

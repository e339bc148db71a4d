/** Every length of time that the library uses, in milliseconds. */
export interface Timing {
    /** Longest time that `connect` may take to answer. */
    readonly connectTimeout: number;
    /** Full jitter between two attempts to connect: the first is drawn from 0..base, then from twice as much. */
    readonly connectBase: number;
    readonly connectMax: number;
    /** Full jitter between two attempts to send the same poll. */
    readonly repeatBase: number;
    readonly repeatMax: number;
    /** A repeated poll that is held for so long gets another one behind it, so that its answer says: connected again. */
    readonly probe: number;
    /** How much longer than `wait` a poll may go unanswered. */
    readonly pollSlack: number;
    /** A session that lasted so long was a good one: pauses start small again after it. */
    readonly stable: number;
    /** Failing for so long without one success in between ends the socket. */
    readonly giveUp: number;
    /** The most that one failed attempt, pause included, counts for in {@link giveUp}: a sleeping laptop does not fail. */
    readonly longestStep: number;
    /** Longest time from `close()` to `onclose()`. */
    readonly closeTimeout: number;
}

export const TIMING: Timing = {
    connectTimeout: 20_000,
    connectBase: 500,
    connectMax: 30_000,
    repeatBase: 250,
    repeatMax: 3_000,
    probe: 1_000,
    pollSlack: 6_000,
    stable: 10_000,
    giveUp: 5 * 60_000,
    longestStep: 60_000,
    closeTimeout: 2_000,
};

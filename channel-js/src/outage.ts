/** For how long everything has failed. */
export class Outage {
    private lasted = 0;
    private lastFailure: number | null = null;

    /**
     * @param limit - milliseconds of failing after which to give up
     * @param longestStep - the most that the time between two failures counts, in milliseconds
     */
    constructor(
        private readonly limit: number,
        private readonly longestStep: number,
    ) {}

    /** Counts a failed attempt; true when it is time to give up. */
    failed(now: number): boolean {
        if (this.lastFailure !== null) {
            this.lasted += Math.min(Math.max(0, now - this.lastFailure), this.longestStep);
        }
        this.lastFailure = now;
        return this.lasted >= this.limit;
    }

    over(): void {
        this.lasted = 0;
        this.lastFailure = null;
    }
}

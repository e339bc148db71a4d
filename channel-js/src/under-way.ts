/** Requests that were made and not yet answered. */
export class UnderWay {
    private readonly requests = new Set<Promise<void>>();

    /** @param request - never rejects */
    add(request: Promise<void>): void {
        this.requests.add(request);
        void request.then(() => this.requests.delete(request));
    }

    /** Resolves when all are answered, or after `timeout` milliseconds. */
    async end(timeout: number): Promise<void> {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const late = new Promise<void>((resolve) => {
            timer = setTimeout(resolve, timeout);
        });
        await Promise.race([Promise.all(this.requests), late]);
        clearTimeout(timer);
    }
}

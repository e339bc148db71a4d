/** What happened, in order; a test waits for the next of it. */
export class Arrivals<T> {
    private readonly waiting: ((value: T) => void)[] = [];
    private readonly unread: T[] = [];
    /** All that ever came. */
    readonly all: T[] = [];

    add(value: T): void {
        this.all.push(value);
        const first = this.waiting.shift();
        if (first) {
            first(value);
        } else {
            this.unread.push(value);
        }
    }

    next(): Promise<T> {
        return this.unread.length > 0
            ? Promise.resolve(this.unread.shift() as T)
            : new Promise((resolve) => this.waiting.push(resolve));
    }

    async nextOf(count: number): Promise<T[]> {
        const values: T[] = [];
        while (values.length < count) {
            values.push(await this.next());
        }
        return values;
    }
}

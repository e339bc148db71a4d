import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Arrivals } from './arrivals.js';

export interface Call {
    readonly path: string;
    readonly body: string;
    readonly headers: IncomingMessage['headers'];
    readonly at: number;
}

export interface Poll extends Call {
    readonly sid: string;
    readonly rid: number;
}

/** Answers one request in place of the gateway. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface FakeSession {
    readonly sid: string;
    readonly channel: string;
    nextRid: number;
    lastAnswer: string | null;
    held: ServerResponse | null;
    waiting: string[];
    end: string | null;
}

/** Speaks connect, disconnect and just enough BOSH. What it holds, it holds until a test says so. */
export class FakeGateway {
    readonly connects = new Arrivals<Call>();
    readonly disconnects = new Arrivals<Call>();
    readonly polls = new Arrivals<Poll>();
    /** What pages send to the application. */
    readonly receives = new Arrivals<Call>();
    /** Taken one by one, before the usual answers. */
    readonly connectAnswers: Answer[] = [];
    readonly pollAnswers: Answer[] = [];
    readonly disconnectAnswers: Answer[] = [];
    readonly receiveAnswers: Answer[] = [];
    /** What connect answers beside sid, rid and channel. */
    settings = { wait: 60, hold: 1, requests: 2, inactivity: 150 };
    private readonly sessions = new Map<string, FakeSession>();
    private readonly server: Server;

    private constructor() {
        this.server = createServer((request, response) => void this.handle(request, response));
    }

    static async start(): Promise<FakeGateway> {
        const gateway = new FakeGateway();
        await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
        return gateway;
    }

    get origin(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async stop(): Promise<void> {
        const closed = new Promise((resolve) => this.server.close(resolve));
        this.server.closeAllConnections();
        await closed;
    }

    /** The sids of the sessions that were made, oldest first. */
    get sids(): string[] {
        return [...this.sessions.keys()];
    }

    get live(): string[] {
        return this.sids.filter((sid) => this.session(sid).end === null);
    }

    channelOf(sid: string): string {
        return this.session(sid).channel;
    }

    holds(sid: string): boolean {
        return this.session(sid).held !== null;
    }

    /** Sends messages in one body. */
    push(sid: string, ...texts: string[]): void {
        this.pushStanzas(sid, ...texts.map((text) => headline(text, this.session(sid).channel)));
    }

    pushStanzas(sid: string, ...stanzas: string[]): void {
        const session = this.session(sid);
        session.waiting.push(stanzas.join(''));
        this.flush(session);
    }

    /** What nginx or a lost network does to a held poll. */
    breakPoll(sid: string): void {
        const session = this.session(sid);
        session.held?.destroy();
        session.held = null;
    }

    /** Ends a session, with stanzas in the same body perhaps. */
    terminate(sid: string, condition: string, stanzas = ''): void {
        const session = this.session(sid);
        session.end = `<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='${condition}'>${stanzas}</body>`;
        this.flush(session);
    }

    private session(sid: string): FakeSession {
        const session = this.sessions.get(sid);
        if (session === undefined) {
            throw new Error(`sid: ${sid} (expected: one of ${this.sids.join(', ')})`);
        }
        return session;
    }

    private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of request) {
            chunks.push(chunk as Buffer);
        }
        const body = Buffer.concat(chunks).toString('utf8');
        const call = { path: request.url ?? '', body, headers: request.headers, at: performance.now() };
        if (call.path === '/_ah/channel/connect') {
            this.connects.add(call);
            (this.connectAnswers.shift() ?? (() => this.connect(response)))(request, response);
        } else if (call.path === '/_ah/channel/disconnect') {
            const session = this.sessions.get(body);
            if (session !== undefined) {
                session.end = '';
            }
            this.disconnects.add(call);
            (this.disconnectAnswers.shift() ?? (() => response.writeHead(204).end()))(request, response);
        } else if (call.path === '/_ah/channel/receive') {
            this.receives.add(call);
            (this.receiveAnswers.shift() ?? (() => response.writeHead(204).end()))(request, response);
        } else {
            const sid = attribute(body, 'sid');
            const rid = Number(attribute(body, 'rid'));
            const special = this.pollAnswers.shift();
            if (special) {
                special(request, response);
            } else {
                this.poll(sid, rid, response);
            }
            this.polls.add({ ...call, sid, rid });
        }
    }

    private connect(response: ServerResponse): void {
        const sid = `sid-${this.sessions.size + 1}`;
        const rid = 1000 * (this.sessions.size + 1);
        const channel = `c${this.sessions.size + 1}`;
        this.sessions.set(sid, { sid, channel, nextRid: rid, lastAnswer: null, held: null, waiting: [], end: null });
        json(200, {
            ...this.settings,
            sid,
            rid,
            channel,
            jid: 'ch-1@example.org/page',
            path: '/http-bind/node-1',
            expiresAt: '2030-01-01T00:00:00Z',
        })(undefined as never, response);
    }

    private poll(sid: string, rid: number, response: ServerResponse): void {
        const session = this.sessions.get(sid);
        if (session === undefined) {
            xml(response, "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='item-not-found'/>");
        } else if (rid === session.nextRid - 1 && session.lastAnswer !== null) {
            xml(response, session.lastAnswer);
        } else {
            if (session.held !== null && rid === session.nextRid) {
                xml(session.held, "<body xmlns='http://jabber.org/protocol/httpbind'/>"); // hold is 1
            }
            session.held = response;
            session.nextRid = rid + 1;
            session.lastAnswer = null;
            this.flush(session);
        }
    }

    private flush(session: FakeSession): void {
        if (session.held === null || (session.waiting.length === 0 && !session.end)) {
            return;
        }
        const answer =
            session.waiting.length > 0
                ? `<body xmlns='http://jabber.org/protocol/httpbind'>${session.waiting.splice(0).join('')}</body>`
                : (session.end as string);
        session.lastAnswer = answer;
        // A connection that the client has lost by now swallows the answer; the repeated rid gets it again.
        xml(session.held, answer);
        session.held = null;
    }
}

export function headline(text: string, channel: string, attributes = "type='headline' from='channel.example.org'"): string {
    return (
        `<message xmlns='jabber:client' ${attributes} id='m1'><body>${escape(text)}</body>` +
        `<channel xmlns='urn:channelgateway:1' id='${channel}'/></message>`
    );
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
    return (_request, response) => {
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
    };
}

export function status(code: number, headers: Record<string, string> = {}, body = ''): Answer {
    return (_request, response) => response.writeHead(code, headers).end(body);
}

export const reset: Answer = (request) => request.socket.destroy();

export const never: Answer = () => undefined;

function xml(response: ServerResponse, body: string): void {
    response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' }).end(body);
}

function escape(text: string): string {
    return text.replace(/[<>&\r]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function attribute(body: string, name: string): string {
    return new RegExp(`<body[^>]* ${name}=['"]([^'"]*)`).exec(body)?.[1] ?? '';
}

// The little of a browser that Strophe and the library use: XML, XMLHttpRequest, a body, a beacon.
import { DOMImplementation, DOMParser as XmlParser, XMLSerializer } from '@xmldom/xmldom';
import { request, type ClientRequest } from 'node:http';

/** XMLHttpRequest over node:http, as far as Strophe uses it. */
class HttpRequest {
    readyState = 0;
    status = 0;
    responseText = '';
    responseXML: unknown = null;
    onreadystatechange: (() => void) | null = null;
    private headers: Record<string, string> = {};
    private responseHeaders: Record<string, string | string[] | undefined> = {};
    private client: ClientRequest | null = null;
    private method = 'GET';
    private url = '';

    overrideMimeType(): void {}

    open(method: string, url: string): void {
        this.method = method;
        this.url = url;
        this.change(1);
    }

    setRequestHeader(name: string, value: string): void {
        this.headers[name] = value;
    }

    getResponseHeader(name: string): string | null {
        return String(this.responseHeaders[name.toLowerCase()] ?? '') || null;
    }

    getAllResponseHeaders(): string {
        return JSON.stringify(this.responseHeaders);
    }

    send(body: string): void {
        const client = request(this.url, { method: this.method, headers: this.headers, agent: false }, (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () => {
                this.status = response.statusCode ?? 0;
                this.responseHeaders = response.headers;
                this.responseText = Buffer.concat(chunks).toString('utf8');
                this.responseXML = parse(this.responseText);
                this.change(4);
            });
            response.on('error', () => this.fail());
        });
        this.client = client;
        client.on('error', () => this.fail());
        client.end(body);
    }

    abort(): void {
        const sent = this.readyState === 1 && this.client !== null;
        this.client?.destroy();
        if (sent) {
            this.fail();
        }
        this.readyState = 0;
    }

    private fail(): void {
        if (this.readyState === 1) {
            this.status = 0;
            this.change(4);
        }
    }

    private change(state: number): void {
        this.readyState = state;
        this.onreadystatechange?.();
    }
}

function parse(text: string): unknown {
    try {
        return new XmlParser({
            onError: (level) => {
                throw new Error(level);
            },
        }).parseFromString(text, 'text/xml');
    } catch {
        return null;
    }
}

/** `parseFromString` of browsers does not throw. */
class BrowserParser {
    parseFromString(text: string): unknown {
        return parse(text) ?? parse("<parsererror xmlns='http://www.w3.org/1999/xhtml'/>");
    }
}

export const document = Object.assign(new DOMImplementation().createDocument(null, ''), {
    body: {} as unknown,
    currentScript: null as unknown,
});

/** The beacons that were sent. */
export const beacons: { url: string; body: string }[] = [];

export const browserGlobals = {
    document,
    DOMParser: BrowserParser,
    XMLSerializer,
    XMLHttpRequest: HttpRequest,
    navigator: {
        sendBeacon(url: string, body: string): boolean {
            beacons.push({ url, body });
            void fetch(url, { method: 'POST', body });
            return true;
        },
    },
};

/** Makes them Node's own. */
export function install(): void {
    for (const [name, value] of Object.entries(browserGlobals)) {
        Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
}

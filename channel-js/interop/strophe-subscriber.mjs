// A subscriber with Strophe in Node, which does at login what chat clients do. Prints what happens to it, a JSON object a line:
// {"status": name, "condition": …}, {"answers": {request: "result" or the error}}, {"message": text}.
//
//   node strophe-subscriber.mjs URL JID
//
// Reads the password from the first line of stdin; the end of stdin ends it the polite way.
import { DOMParser } from '@xmldom/xmldom';
import { createInterface } from 'node:readline';
import { $iq, $pres, Strophe } from 'strophe.js';
import HttpRequest from 'xhr2';

/** xhr2 leaves the XML to its user. */
globalThis.XMLHttpRequest = class extends HttpRequest {
    get responseXML() {
        return this.responseText ? new DOMParser().parseFromString(this.responseText, 'text/xml') : null;
    }
};

Strophe.setLogLevel(Strophe.LogLevel.WARN); // less would go to stdout

const [url, jid] = process.argv.slice(2);
const connection = new Strophe.Connection(url);
const names = new Map(Object.entries(Strophe.Status).map(([name, value]) => [value, name]));

const requests = {
    roster: () => $iq({ type: 'get' }).c('query', { xmlns: Strophe.NS.ROSTER }),
    disco: () => $iq({ type: 'get', to: Strophe.getDomainFromJid(jid) }).c('query', { xmlns: Strophe.NS.DISCO_INFO }),
    carbons: () => $iq({ type: 'set' }).c('enable', { xmlns: 'urn:xmpp:carbons:2' }),
    vCard: () => $iq({ type: 'get' }).c('vCard', { xmlns: 'vcard-temp' }),
    ping: () => $iq({ type: 'get', to: Strophe.getDomainFromJid(jid) }).c('ping', { xmlns: 'urn:xmpp:ping' }),
};

function say(what) {
    process.stdout.write(`${JSON.stringify(what)}\n`);
}

/** Sends a request and says how it was answered: `result`, or the condition of the error. */
function ask(request) {
    return new Promise((resolve) => {
        connection.sendIQ(
            request,
            () => resolve('result'),
            (error) => resolve(error.getElementsByTagName('error')[0].firstElementChild.localName),
        );
    });
}

async function logIn() {
    const answers = {};
    for (const [name, request] of Object.entries(requests)) {
        answers[name] = await ask(request());
        if (name === 'roster') {
            const caps = { xmlns: 'http://jabber.org/protocol/caps', hash: 'sha-1', node: 'http://strophe.im', ver: 'x' };
            connection.send($pres().c('c', caps));
        }
    }
    say({ answers });
}

function changed(status, condition) {
    say({ status: names.get(status), condition });
    if (status === Strophe.Status.CONNECTED) {
        connection.addHandler(
            (message) => {
                say({ message: message.getElementsByTagName('body')[0].textContent });
                return true;
            },
            null,
            'message',
            'headline',
        );
        void logIn();
    } else if (status === Strophe.Status.DISCONNECTED) {
        process.exit(0);
    }
}

const lines = createInterface({ input: process.stdin });
lines.once('line', (password) => connection.connect(jid, password, changed));
lines.once('close', () => connection.disconnect());

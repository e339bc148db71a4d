// A subscriber with stanza in Node, over BOSH. Prints what happens to it, a JSON object a line:
// {"status": "CONNECTED" or "DISCONNECTED"}, {"message": text}.
//
//   node stanza-subscriber.mjs URL JID
//
// Reads the password from the first line of stdin; the end of stdin ends it the polite way.
import { createInterface } from 'node:readline';
import stanza from 'stanza';

const [url, jid] = process.argv.slice(2);

function say(what) {
    process.stdout.write(`${JSON.stringify(what)}\n`);
}

let client;
const lines = createInterface({ input: process.stdin });
lines.once('line', (password) => {
    client = stanza.createClient({ jid, password, transports: { bosh: url, websocket: false }, autoReconnect: false });
    client.on('session:started', () => {
        client.getRoster();
        client.sendPresence();
        say({ status: 'CONNECTED' });
    });
    client.on('message', (message) => say({ message: message.body }));
    client.on('disconnected', () => {
        say({ status: 'DISCONNECTED' });
        process.exit(0);
    });
    client.connect();
});
lines.once('close', () => client.disconnect());

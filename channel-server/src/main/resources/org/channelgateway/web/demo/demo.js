'use strict';

(() => {
  const DEFAULT_KEY = 'demo';
  const MOST_MESSAGES = 200;
  const element = (id) => document.getElementById(id);

  let socket = null;
  let attempt = 0;
  let received = 0;
  let shownKey = null;

  // --- the channel ---------------------------------------------------------------------------------------------------

  async function open(key) {
    const mine = ++attempt;
    quit();
    if (key !== shownKey) {
      shownKey = key;
      clear(); // they were of another key
      note('');
    }
    element('key').value = key;
    element('command-text').textContent = command(key);
    show('connecting', 'Connecting …');
    let channel;
    try {
      channel = await post('/_ah/channel/demo/channels', { key });
    } catch (error) {
      if (mine === attempt) {
        show('closed', `Closed: ${error.message}`);
      }
      return;
    }
    if (mine === attempt) {
      listen(channel.token, key);
    }
  }

  function listen(token, key) {
    let reason = 'closed by this page';
    const mine = new goog.appengine.Channel(token).open();
    socket = mine;
    mine.onopen = () => show('open', `Open: listening to “${key}”`);
    mine.onoutage = () => show('reconnecting', 'Reconnecting …');
    mine.onrecovery = mine.onopen;
    mine.onmessage = ({ data }) => add(data);
    mine.onerror = ({ code, description }) => {
      reason = `${description.replace(/\+/g, ' ').replace(/\.$/, '') || 'error'} (${code})`;
    };
    mine.onclose = () => {
      if (socket === mine) {
        socket = null;
        show('closed', `Closed: ${reason}`);
      }
    };
  }

  function quit() {
    const old = socket;
    socket = null;
    if (old !== null) {
      old.close();
    }
  }

  function show(state, text) {
    element('state').dataset.state = state;
    element('state-text').textContent = text;
    element('close-button').hidden = state !== 'open' && state !== 'reconnecting';
  }

  // --- what arrives --------------------------------------------------------------------------------------------------

  function add(text) {
    const now = new Date();
    const time = document.createElement('time');
    time.dateTime = now.toISOString();
    time.textContent = now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
    const body = document.createElement('p');
    body.dir = 'auto';
    body.textContent = text;
    const item = document.createElement('li');
    item.append(time, body);
    const list = element('list');
    list.prepend(item);
    if (list.children.length > MOST_MESSAGES) {
      list.lastElementChild.remove();
    }
    received++;
    count();
  }

  function clear() {
    element('list').replaceChildren();
    received = 0;
    count();
  }

  function count() {
    element('count').textContent = String(received);
    element('empty').hidden = element('list').children.length > 0;
    element('clear').hidden = !element('empty').hidden;
  }

  // --- sending -------------------------------------------------------------------------------------------------------

  async function send() {
    const message = element('message').value;
    try {
      const { receivers } = await post('/_ah/channel/demo/messages', { key: currentKey(), message });
      note(receivers === 1 ? 'Sent to 1 receiver.' : `Sent to ${receivers} receivers.`);
      element('message').value = '';
    } catch (error) {
      note(`Not sent: ${error.message}`, true);
    }
    element('message').focus();
  }

  function note(text, bad = false) {
    element('sent').textContent = text;
    element('sent').classList.toggle('bad', bad);
  }

  /** Returns the JSON of the answer; throws with the detail of a problem (RFC 9457). */
  async function post(path, value) {
    let response;
    try {
      response = await fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(value),
      });
    } catch {
      throw new Error('the gateway cannot be reached');
    }
    let answer = null;
    try {
      answer = await response.json();
    } catch {
      // The status has to do.
    }
    if (!response.ok || answer === null) {
      throw new Error((answer && (answer.detail || answer.title)) || `HTTP ${response.status}`);
    }
    return answer;
  }

  // --- the command ---------------------------------------------------------------------------------------------------

  function command(key) {
    const given = document.documentElement.dataset.secretFile;
    const file = !given || given.startsWith('{{') ? 'data/demo.secret' : given;
    const api = (document.documentElement.dataset.api || location.origin).replace(/\/$/, '');
    return (
      `curl -X POST -H "Authorization: Bearer $(cat ${quoted(file)})" -H 'Content-Type: text/plain' ` +
      `--data-binary 'Hello' ${quoted(`${api}/v1/channels/${encoded(key)}/messages`)}`
    );
  }

  /** As one path segment of a URL, and without a character that a shell knows. */
  function encoded(key) {
    const escape = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
    return encodeURIComponent(key).replace(/[!'()*]/g, escape);
  }

  /** As one word of a shell. */
  function quoted(word) {
    return /^[\w.\/:%@-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
  }

  async function copy() {
    const text = element('command-text').textContent;
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      // No clipboard outside secure contexts: the selection is copied instead.
      getSelection().selectAllChildren(element('command-text'));
      done = document.execCommand('copy');
    }
    element('copied').textContent = done ? 'Copied.' : 'Selected: copy it with the keyboard.';
  }

  // --- the key, in the address ---------------------------------------------------------------------------------------

  function currentKey() {
    try {
      const key = decodeURIComponent(location.hash.slice(1));
      encodeURIComponent(key);
      return key || DEFAULT_KEY;
    } catch {
      return DEFAULT_KEY;
    }
  }

  element('open').addEventListener('submit', (event) => {
    event.preventDefault();
    const before = location.hash;
    try {
      location.hash = encodeURIComponent(element('key').value);
    } catch {
      show('closed', 'Closed: the key has half a character in it');
      return;
    }
    if (location.hash === before) {
      open(currentKey()); // otherwise hashchange does
    }
  });
  element('close-button').addEventListener('click', () => {
    attempt++;
    if (socket !== null) {
      show('connecting', 'Closing …');
      socket.close();
    }
    element('key').focus();
  });
  element('send').addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  element('message').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      element('send').requestSubmit();
    }
  });
  element('copy').addEventListener('click', copy);
  element('clear').addEventListener('click', () => {
    clear();
    element('message').focus();
  });
  addEventListener('hashchange', () => open(currentKey()));
  open(currentKey());
})();

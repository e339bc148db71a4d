'use strict';

(function () {
  const data = document.body.dataset;
  const element = (id) => document.getElementById(id);
  const cells = [];
  let shown = {version: -1};
  let socket = null;

  // ---- The channel ----

  function listen(token) {
    const channel = new goog.appengine.Channel(token);
    socket = channel.open();
    socket.onopen = () => connection('open', 'Connected');
    socket.onmessage = (message) => show(JSON.parse(message.data));
    socket.onerror = () => connection('lost', 'Connection lost');
    socket.onclose = () => {
      connection('lost', 'Connection lost');
      setTimeout(renew, 1000);
    };
  }

  /** A token is good for two hours: after that the server gives another one. */
  async function renew() {
    try {
      listen(await ask('/token'));
    } catch (problem) {
      setTimeout(renew, 5000);
    }
  }

  function connection(state, text) {
    element('connection').dataset.connection = state;
    element('connection').textContent = text;
  }

  async function ask(path, more) {
    const answer = await fetch(path, {method: 'POST', body: new URLSearchParams({id: data.game, ...more})});
    if (!answer.ok) {
      throw new Error(path + ': ' + answer.status);
    }
    return answer.text();
  }

  // ---- The page ----

  function show(state) {
    if (state.version < shown.version) {
      return; // a message that was overtaken
    }
    shown = state;
    cells.forEach((cell, i) => {
      const side = state.board[i] === '-' ? '' : state.board[i];
      cell.className = side + (state.line.includes(i) ? ' won' : '');
      cell.textContent = side === 'X' ? '×' : side === 'O' ? '○' : '';
      cell.disabled = side !== '' || state.over || state.turn !== state.you || !state.joined;
      cell.setAttribute('aria-label', 'Row ' + (Math.floor(i / 3) + 1) + ', column ' + ((i % 3) + 1) + ': ' + (side || 'free'));
    });
    element('status').textContent = status(state);
    element('again').hidden = !state.over;
    element('invite').hidden = state.joined;
    element('opponent').textContent = !state.joined ? '' : state.present ? 'Your friend is here' : 'Your friend is away';
    element('opponent').dataset.present = state.present;
  }

  function status(state) {
    if (!state.joined) {
      return 'Waiting for a friend';
    }
    if (state.over) {
      return state.winner === '' ? 'A draw' : state.winner === state.you ? 'You won' : 'Your friend won';
    }
    return state.turn === state.you ? 'Your turn' : 'Your friend’s turn';
  }

  function build() {
    for (let i = 0; i < 9; i++) {
      const cell = document.createElement('button');
      cell.type = 'button';
      cell.addEventListener('click', () => ask('/move', {cell: i}).catch(() => {}));
      element('board').append(cell);
      cells.push(cell);
    }
    element('link').value = location.href;
    element('copy').addEventListener('click', copy);
    element('again').addEventListener('click', () => ask('/again').catch(() => {}));
  }

  async function copy() {
    element('link').select();
    try {
      await navigator.clipboard.writeText(location.href);
    } catch (refused) {
      document.execCommand('copy');
    }
    element('copy').textContent = 'Copied';
  }

  build();
  show(JSON.parse(data.state));
  listen(data.token);
})();

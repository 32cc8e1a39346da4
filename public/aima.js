// Marks the screen when the data shown is the demo shop's, so that it is never mistaken for real figures.
(function () {
  const AGAIN_MS = 5000;
  async function mark() {
    const answer = await fetch('/chat/organisation');
    if (!answer.ok) throw new Error(answer.statusText);
    if (!(await answer.json()).is_demo) return;
    const badge = document.createElement('div');
    badge.className = 'aima-demo';
    badge.title = 'The demo shop: its data is made up';
    badge.append('Demo');
    badge.appendChild(document.createElement('span')).textContent = ' shop: made-up data';
    document.body.appendChild(badge);
  }
  function ask() { mark().catch(function () { setTimeout(ask, AGAIN_MS); }); }
  ask();
})();

// A page chosen from the list of commands is shown at once: the chip it becomes would want a second Enter.
(function () {
  const CHIP = '#message-composer .command-buttons-container .text-command';
  const EVERY_MS = 60;
  let waiting = null;
  function send() {
    waiting = null;
    const input = document.getElementById('chat-input');
    const button = document.getElementById('chat-submit');
    if (!document.querySelector(CHIP) || !input || input.value.trim()) return;
    // Until the page is connected its button does nothing: the chip stays, and so does the wish.
    if (button && !button.disabled) button.click();
    waiting = setTimeout(send, EVERY_MS);
  }
  new MutationObserver(function () {
    if (waiting === null && document.querySelector(CHIP)) waiting = setTimeout(send, EVERY_MS);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();

// What somebody types before the page has come up is not lost when the message field moves to its place.
(function () {
  const FIELD = 'chat-input', JUST_SENT_MS = 3000;
  let field = null, sent = 0;
  function sends(event) {
    const enter = event.type === 'keydown' && event.key === 'Enter' && !event.shiftKey && event.target.id === FIELD;
    if (enter || (event.type === 'click' && event.target.closest('#chat-submit'))) sent = Date.now();
  }
  document.addEventListener('keydown', sends, true);
  document.addEventListener('click', sends, true);
  function carry() {
    const now = document.getElementById(FIELD), before = field;
    if (!now || now === before) return;
    field = now;
    if (!before || !before.value || now.value || Date.now() - sent < JUST_SENT_MS) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(now, before.value);
    now.dispatchEvent(new Event('input', { bubbles: true }));
    now.focus();
    now.setSelectionRange(now.value.length, now.value.length);
  }
  new MutationObserver(carry).observe(document.documentElement, { childList: true, subtree: true });
})();

// What becomes of a card is told to the card that is there: drawn anew it would lose what somebody writes into it.
(function () {
  const told = new Map(), listeners = new Map();
  window.addEventListener('message', function (event) {
    const card = event.source === window && event.origin === location.origin && event.data && event.data.card;
    if (!card) return;
    told.set(card.element_id, newest(card));
    (listeners.get(card.element_id) || []).forEach(function (heard) { heard(); });
  });
  function newest(props) {
    const last = told.get(props.element_id);
    return last && last.told_at > (props.told_at || 0) ? last : props;
  }
  function listen(element, heard) {
    listeners.set(element, [...(listeners.get(element) || []), heard]);
    return function () { listeners.set(element, listeners.get(element).filter((one) => one !== heard)); };
  }
  window.aima = Object.assign(window.aima || {}, { cards: { newest, listen } });
})();

// Saving what is on the page as a file, for every table and chart.
(function () {
  function cell(value) {
    let text = value === null || value === undefined ? '' : String(value);
    // A text that a spreadsheet would run as a formula is quoted as text; a plain number is one.
    if (/^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text)) text = "'" + text;
    return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function save(title, ending, blob) {
    const url = URL.createObjectURL(blob);
    const link = document.createElement('a');
    link.href = url;
    link.download = ((title || 'table').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').toLowerCase() || 'table') + '.' + ending;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(url); }, 0);
  }
  function saveRows(title, head, rows) {
    const body = '\ufeff' + [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
    save(title, 'csv', new Blob([body], { type: 'text/csv;charset=utf-8' }));
  }
  window.aima = Object.assign(window.aima || {}, { save, saveRows });
})();

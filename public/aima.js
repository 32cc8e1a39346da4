// Marks the screen when the data shown is the demo shop's, so that it is never mistaken for real figures.
(function () {
  async function mark() {
    if (document.querySelector('.aima-demo') || location.pathname.startsWith('/login')) return;
    const answer = await fetch('/chat/organisation');
    if (!answer.ok || !(await answer.json()).is_demo) return;
    const badge = document.createElement('div');
    badge.className = 'aima-demo';
    badge.textContent = 'Demo shop: made-up data';
    document.body.appendChild(badge);
  }
  let path = null;
  setInterval(function () {
    if (location.pathname === path) return;
    path = location.pathname;
    mark().catch(function () { path = null; });
  }, 1000);
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

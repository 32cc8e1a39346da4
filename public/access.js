// What the frame lacks for the keyboard and for screen readers: names, headings, news of answers, an end to waiting.
(function () {
  // Buttons that are only a picture, by what they contain or are called.
  const NAMES = [
    ['#sidebar-trigger-button', 'Conversations'],
    ['#search-chats-button', 'Search conversations'],
    ['#new-chat-button', 'New conversation'],
    ['#user-nav-button', 'Your account'],
    ['#theme-toggle', 'Light or dark'],
    ['#upload-button, #upload-button-loading', 'Attach files'],
    ['#chat-submit', 'Send'],
    ['#stop-button', 'Stop'],
    ['#command-button', 'Pages'],
    ['button:has(> .lucide-copy)', 'Copy the answer'],
    ['button:has(> .lucide-check)', 'Copied'],
    ['button:has(> .lucide-thumbs-up)', 'Helpful'],
    ['button:has(> .lucide-thumbs-down)', 'Not helpful'],
    ['button:has(> .lucide-message-circle)', 'Edit your comment'],
    ['button:has(> .lucide-arrow-down)', 'Down to the latest answer'],
    ['[data-sidebar="rail"]', 'Conversations'],
    ['#chat-input', 'Ask about your customers, or write / for pages'],
    ['[role="dialog"] [cmdk-input]', 'Search conversations'],
  ];
  const SETTLED_MS = 700;
  const LONGEST = 700;
  const PATIENCE_MS = 20000;

  function set(node, name, value) { if (node.getAttribute(name) !== value) node.setAttribute(name, value); }

  function nameThem() {
    for (const [selector, said] of NAMES) {
      document.querySelectorAll(selector).forEach((node) => {
        if (node.textContent.trim() && selector.startsWith('button:has')) return; // its words are its name
        set(node, 'aria-label', said);
      });
    }
    // The area that takes dropped files is no stop: files are attached by their button.
    document.querySelectorAll('div[role="presentation"][tabindex="0"]').forEach((node) => set(node, 'tabindex', '-1'));
    const main = document.querySelector('main') || document.getElementById('root');
    if (main && main.tagName !== 'MAIN') set(main, 'role', 'main');
  }

  // A conversation in the list is a link with a button and a menu in it: one stop for the link, one for the menu.
  function listConversations() {
    document.querySelectorAll('ul[data-sidebar="menu"] > :not(li)').forEach((node) => set(node, 'role', 'listitem'));
    document.querySelectorAll('[data-sidebar="menu-item"]').forEach((item) => {
      const title = (item.querySelector('.truncate') || item).textContent.trim();
      const inner = item.querySelector('[data-sidebar="menu-button"]');
      if (inner) { set(inner, 'tabindex', '-1'); set(inner, 'role', 'group'); set(inner, 'aria-label', title); }
      const menu = item.querySelector('[aria-haspopup="menu"]');
      if (!menu) return;
      set(menu, 'role', 'button');
      set(menu, 'tabindex', '0');
      set(menu, 'aria-label', `Rename or delete “${title}”`);
    });
  }

  // Questions are headings, so that one can go from question to question.
  function headQuestions() {
    document.querySelectorAll('[data-step-type="user_message"] .message-content').forEach((node) => {
      set(node, 'role', 'heading');
      set(node, 'aria-level', '2');
    });
  }

  // News for screen readers: that an answer is being made, and its words once they stand.
  const said = document.createElement('div');
  said.className = 'aima-said';
  said.setAttribute('role', 'status');
  said.setAttribute('aria-live', 'polite');
  const heard = new Set();
  let asked = false;
  let settling = null;
  let busy = false;

  function answers() {
    return [...document.querySelectorAll('.step[data-step-type="assistant_message"]')];
  }

  function told() {
    settling = null;
    if (!asked) return; // what stands there when a page opens is no news
    const fresh = answers().filter((node) => !heard.has(idOf(node)));
    hear();
    const words = fresh.map((node) => (node.querySelector('.message-content .prose') || node).textContent.trim()).filter(Boolean);
    if (words.length) say(words.join(' ').slice(0, LONGEST));
  }

  function hear() { answers().forEach((node) => heard.add(idOf(node))); }

  function idOf(node) { return (node.querySelector('[id^="step-"]') || node).id; }

  function say(words) { if (said.textContent !== words) said.textContent = words; }

  function listen() {
    const running = Boolean(document.getElementById('stop-button'));
    if (running && !busy) {
      if (!asked) hear();
      asked = true;
      say('AIMA is working on it.');
    }
    busy = running;
    clearTimeout(settling);
    if (!running) settling = setTimeout(told, SETTLED_MS);
  }

  // The words of waiting go when there is something to use.
  function opened() {
    const boot = document.getElementById('aima-boot');
    if (boot && document.getElementById('message-composer')) boot.remove();
  }

  function reachTables() {
    document.querySelectorAll('.aima-scroll').forEach((node) => {
      const wide = node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
      if (!wide) return node.removeAttribute('tabindex');
      set(node, 'tabindex', '0');
      set(node, 'role', 'group');
      set(node, 'aria-label', 'Table, can be scrolled');
    });
  }

  let waiting = false;
  function look() {
    waiting = false;
    opened();
    nameThem();
    listConversations();
    headQuestions();
    reachTables();
    listen();
  }

  function start() {
    document.body.appendChild(said);
    new MutationObserver(function (changes) {
      if (waiting || changes.every((change) => said.contains(change.target))) return;
      waiting = true;
      requestAnimationFrame(look);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
    setTimeout(function () { const boot = document.getElementById('aima-boot'); if (boot) boot.remove(); }, PATIENCE_MS);
  }
  if (document.body) start(); else document.addEventListener('DOMContentLoaded', start);
})();

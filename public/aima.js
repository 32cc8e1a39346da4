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

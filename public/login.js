// Sends the login form and says in words, beside it, why it was refused.
(function () {
  const form = document.getElementById('login');
  const refused = document.getElementById('refused');
  const enter = document.getElementById('enter');
  const password = document.getElementById('password');
  const reveal = document.getElementById('reveal');
  const WRONG = 'This email address and password do not go together. Check both (capital letters count) and try again.';
  const AWAY = 'AIMA did not answer. Check that it is still running, then try again.';
  const FAILED = 'Signing in failed because of a fault in AIMA, not because of your password. Try again in a moment.';

  function wait(seconds) {
    if (!(seconds > 0)) return 'in a few minutes';
    if (seconds < 90) return `in ${Math.ceil(seconds)} ${Math.ceil(seconds) === 1 ? 'second' : 'seconds'}`;
    const minutes = Math.ceil(seconds / 60);
    return minutes < 90 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
  }

  async function reason(answer) {
    if (answer.status === 401) return WRONG;
    if (answer.status === 429) {
      return `Too many tries. Try again ${wait(Number(answer.headers.get('Retry-After')))}.`;
    }
    if (answer.status >= 500) return FAILED;
    return (await answer.json()).detail; // refused before the password was looked at: of another address, say
  }

  function refuse(words) {
    refused.textContent = words;
    refused.hidden = false;
    enter.disabled = false;
    enter.textContent = 'Sign in';
    password.select();
    password.focus();
  }

  reveal.addEventListener('click', function () {
    const shown = password.type === 'text';
    password.type = shown ? 'password' : 'text';
    reveal.textContent = shown ? 'Show' : 'Hide';
    reveal.setAttribute('aria-pressed', String(!shown));
    password.focus();
  });

  form.addEventListener('submit', async function (event) {
    event.preventDefault();
    refused.hidden = true;
    enter.disabled = true;
    enter.textContent = 'Signing in…';
    try {
      const answer = await fetch('/login', { method: 'POST', body: new FormData(form), credentials: 'same-origin' });
      if (!answer.ok) return refuse(await reason(answer));
    } catch {
      return refuse(AWAY);
    }
    const thread = new URLSearchParams(location.search).get('thread');
    enter.textContent = 'Opening AIMA…';
    location.replace(thread && /^[\w-]+$/.test(thread) ? `/thread/${thread}` : '/');
  });
})();

// A page connects twice: first as a new conversation, then as the one of its address. Before each it asks for a cookie
// by which several web processes would find their pages again, and the connection whose cookie comes last is the one
// that stays: on a busy machine that could be the first, and the conversation never came back. AIMA runs one web
// process, which needs no such cookie: the page answers itself, in order.
(function () {
  const COOKIE = '/set-session-cookie';
  const ask = window.fetch;
  window.fetch = function (address, options) {
    const path = new URL(address instanceof Request ? address.url : address, location.href).pathname;
    return path === COOKIE ? Promise.resolve(new Response('{}')) : ask.call(window, address, options);
  };
})();

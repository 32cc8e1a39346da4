// Light or dark as the system is, unless somebody has chosen; before anything is painted, so that nothing flashes.
(function () {
  const CHOSEN = 'vite-ui-theme';
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  let chosen = null;
  try {
    chosen = localStorage.getItem(CHOSEN);
    if (!chosen) localStorage.setItem(CHOSEN, (chosen = 'system'));
  } catch { /* a browser that keeps nothing follows the system */ }

  function apply(variant) {
    root.classList.remove('light', 'dark');
    root.classList.add(variant);
    Object.entries((window.theme || {})[variant] || {}).forEach(([name, value]) => root.style.setProperty(name, value));
  }

  function system() { return dark.matches ? 'dark' : 'light'; }

  apply(chosen === 'light' || chosen === 'dark' ? chosen : system());
  dark.addEventListener('change', function () {
    let now = null;
    try { now = localStorage.getItem(CHOSEN); } catch { /* as above */ }
    if (now !== 'light' && now !== 'dark') apply(system());
  });
})();

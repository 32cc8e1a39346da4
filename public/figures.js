// How figures and days are written on pages that work them out themselves: as language/format.py and cells.py write them.
(function () {
  const SIGNS = { GBP: '£', EUR: '€', USD: '$' };
  const NOTHING = '–';
  const SHORT = 13; // characters that a heading may have on one line
  const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
  const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const SCALES = [[1e9, 'bn'], [1e6, 'm'], [1e3, 'k']];

  function number(value, least = 0, most = least) {
    const places = { minimumFractionDigits: least, maximumFractionDigits: most };
    return value.toLocaleString('en-GB', { ...places, roundingMode: 'halfEven' }); // as Python rounds
  }

  function sign(currency) { return SIGNS[currency] || currency; }

  function priced(amount, currency, isNegative) {
    const before = SIGNS[currency];
    return (isNegative ? '-' : '') + (before ? before + amount : `${amount} ${currency || ''}`.trim());
  }

  // "£1,234.50" or "1,234.50 SEK"; without `cents` rounded to the unit when it is 1,000 or more.
  function money(value, currency, cents = false) {
    const places = cents || Math.abs(value) < 1000 ? 2 : 0;
    return priced(number(Math.abs(value), places), currency, value < 0);
  }

  function figure(value, unit = '', currency = '', cents = false) {
    if (value === null || value === undefined || value === '') return NOTHING;
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}T/.test(value) ? day(value, true) : value;
    if (unit === 'money') return money(value, currency, cents);
    if (unit === 'share') return number(100 * value, 1) + '%';
    return Number.isInteger(value) || unit === 'days' ? number(value) : number(value, 2);
  }

  // A round value along an axis: "$20k", "40%", "1.5m".
  function axis(value, unit, currency) {
    if (unit === 'share') return number(100 * value, 0, 1) + '%';
    const [size, letter] = SCALES.find(([least]) => Math.abs(value) >= least) || [1, ''];
    const short = number(Math.abs(value) / size, 0, 2) + letter;
    return unit === 'money' ? priced(short, currency, value < 0) : (value < 0 ? '-' : '') + short;
  }

  // How the organisation writes dates: the page says so (chat/login.py).
  function formats() { return document.documentElement.dataset.formats || 'en-GB'; }

  // "28 November 2026", or short "28 Nov 2026"; or as the organisation writes dates. Of an instant: the day it names.
  function day(iso, isShort = false) {
    if (formats() === 'en-CA') return iso.slice(0, 10);
    const [on, name, year] = parts(iso, isShort);
    return formats() === 'en-US' ? `${name} ${on}, ${year}` : `${on} ${name} ${year}`;
  }

  // The same without its year.
  function dayOfYear(iso, isShort = false) {
    if (formats() === 'en-CA') return iso.slice(5, 10);
    const [on, name] = parts(iso, isShort);
    return formats() === 'en-US' ? `${name} ${on}` : `${on} ${name}`;
  }

  function parts(iso, isShort) {
    const [year, place, on] = iso.slice(0, 10).split('-').map(Number);
    return [on, isShort ? MONTHS[place - 1].slice(0, 3) : MONTHS[place - 1], year];
  }

  // Of a day or of a month alone ("2026-11").
  function month(iso) { return `${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`; }

  function weekday(iso) { return WEEKDAYS[new Date(iso.slice(0, 10) + 'T00:00:00Z').getUTCDay()]; }

  // "30 October to 28 November 2026".
  function range(first, last) {
    if (first === last) return day(first);
    const isOneYear = first.slice(0, 4) === last.slice(0, 4) && formats() !== 'en-CA';
    return `${isOneYear ? dayOfYear(first) : day(first)} to ${day(last)}`;
  }

  // A frame as high as the message in it. It may be measured (allow-same-origin), and can run, load and send nothing.
  function fit(event) {
    const frame = event.target;
    frame.style.height = `${Math.min(1200, Math.max(120, frame.contentDocument.documentElement.scrollHeight))}px`;
  }

  // A long heading on two lines of about one length, so that columns are as narrow as what is in them.
  function onTwoLines(heading) {
    const whole = (text) => text.replaceAll(' ', '\u00a0'), middle = heading.length / 2;
    const spaces = [...heading.matchAll(/ /g)].map((space) => space.index);
    if (heading.length <= SHORT || !spaces.length) return whole(heading);
    const at = spaces.reduce((best, space) => (Math.abs(space - middle) < Math.abs(best - middle) ? space : best));
    return `${whole(heading.slice(0, at))} ${whole(heading.slice(at + 1))}`;
  }

  window.aima = Object.assign(window.aima || {}, { fit, onTwoLines, number, money, sign, figure, axis, day, dayOfYear, month, weekday, range });
})();

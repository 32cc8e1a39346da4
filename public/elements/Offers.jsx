import { useState } from 'react';
import { Plus, Ticket, X } from 'lucide-react';

const { day, figure, number } = window.aima;
const KINDS = [['percent', 'Percent off'], ['amount', 'Amount off'], ['free_item', 'Free item'], ['cashback', 'Cashback'], ['points', 'Points']];
const WORTH = { percent: 'Percent', amount: 'Amount', free_item: 'What it is worth (may stay empty)', cashback: 'Amount', points: 'Points' };
const NEW = { name: '', kind: 'percent', value: '', item: '', minimum: '', codes: 'none', code: '', prefix: '', own: false, budget: '', valid_until: '' };

async function call(name, payload) {
  try {
    const answer = await callAction({ name, payload });
    return (answer && answer.response) || { error: 'AIMA did not answer. Try again.' };
  } catch (failure) {
    return { error: String(failure) };
  }
}

function codesOf(offer) {
  if (offer.codes === 'none') return 'no code';
  if (offer.codes === 'shared') return `code ${offer.code}`;
  const own = offer.prefix ? `made as they are given (${offer.prefix}-…)` : `${number(offer.free)} of your codes free`;
  return `one each, ${own}, ${number(offer.given)} given`;
}

function Maker({ busy, onMake, onClose }) {
  const [form, setForm] = useState(NEW);
  const put = (name) => (e) => setForm({ ...form, [name]: e.target.value });
  const send = (event) => { event.preventDefault(); onMake({ ...form, prefix: form.codes === 'unique' && !form.own ? form.prefix : '', code: form.codes === 'shared' ? form.code : '', item: form.kind === 'free_item' ? form.item : '' }); };
  return (
    <form className="aima-form" aria-label="New offer" onSubmit={send}>
      <div className="aima-pair">
        <label className="aima-field">Name<input name="offer_name" value={form.name} onChange={put('name')} required maxLength={80} /></label>
        <label className="aima-field">Kind<select className="aima-input" name="offer_kind" value={form.kind} onChange={put('kind')}>{KINDS.map(([value, title]) => <option key={value} value={value}>{title}</option>)}</select></label>
        {form.kind === 'free_item' && <label className="aima-field">What is free<input name="offer_item" value={form.item} onChange={put('item')} required /></label>}
        <label className="aima-field">{WORTH[form.kind]}<input name="offer_value" type="number" min="0" step="any" value={form.value} onChange={put('value')} required={form.kind !== 'free_item'} /></label>
        <label className="aima-field">From an order of (may stay empty)<input name="offer_minimum" type="number" min="0" step="any" value={form.minimum} onChange={put('minimum')} /></label>
      </div>
      <div className="aima-pair">
        <label className="aima-field">Codes<select className="aima-input" name="offer_codes" value={form.codes} onChange={put('codes')}>
          <option value="none">No code</option><option value="shared">One code for all</option><option value="unique">A code for each customer</option></select></label>
        {form.codes === 'shared' && <label className="aima-field">The code<input name="offer_code" value={form.code} onChange={put('code')} required /></label>}
        {form.codes === 'unique' && <label className="aima-field">Where codes come from<select className="aima-input" name="offer_own" value={form.own ? 'own' : 'made'} onChange={(e) => setForm({ ...form, own: e.target.value === 'own' })}>
          <option value="made">AIMA makes them</option><option value="own">I put in those of my shop</option></select></label>}
        {form.codes === 'unique' && !form.own && <label className="aima-field">They begin with<input name="offer_prefix" value={form.prefix} onChange={put('prefix')} required maxLength={16} pattern="[A-Za-z0-9]+" /></label>}
        <label className="aima-field">Most to give away in all (may stay empty)<input name="offer_budget" type="number" min="0" step="any" value={form.budget} onChange={put('budget')} /></label>
        <label className="aima-field">Holds until (may stay empty)<input name="offer_until" type="datetime-local" value={form.valid_until} onChange={put('valid_until')} /></label>
      </div>
      <div className="aima-buttons"><button className="aima-go" disabled={busy}>{busy ? 'Keeping…' : 'Keep the offer'}</button><button type="button" className="aima-quiet" onClick={onClose}>Back</button></div>
    </form>
  );
}

function Codes({ offer, busy, onAdd, onClose }) {
  const [text, setText] = useState('');
  async function read(event) { const file = event.target.files[0]; if (file) setText(await file.text()); }
  return (
    <form className="aima-form" aria-label={`Codes of ${offer.name}`} onSubmit={(e) => { e.preventDefault(); onAdd(text); }}>
      <label className="aima-field">The codes that your shop knows, one a line; each is given to one customer
        <textarea name="codes" rows={5} value={text} onChange={(e) => setText(e.target.value)} /></label>
      <label className="aima-field">or a file of them<input type="file" accept=".txt,.csv,text/*" onChange={read} /></label>
      <div className="aima-buttons"><button className="aima-go" disabled={busy || !text.trim()}>Put them in</button><button type="button" className="aima-quiet" onClick={onClose}>Back</button></div>
    </form>
  );
}

export default function Offers() {
  const [now, setNow] = useState({ offers: props.offers, total: props.total });
  const [open, setOpen] = useState(null);
  const [asked, setAsked] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [said, setSaid] = useState('');

  async function act(name, payload) {
    setBusy(true); setError(''); setSaid('');
    const answer = await call(name, payload);
    setBusy(false); setAsked(null);
    if (answer.error) return setError(answer.error);
    setNow({ offers: answer.offers, total: answer.total }); setSaid(answer.said); setOpen(null);
  }
  return (
    <div className="aima-box aima-offers">
      <div className="aima-bar"><span className="aima-title">Offers</span>
        {props.may_make && open !== 'new' && <button className="aima-quiet" onClick={() => setOpen('new')}><Plus size={14} /> New offer</button>}</div>
      {open === 'new' && <Maker busy={busy} onMake={(form) => act('create_offer', form)} onClose={() => setOpen(null)} />}
      {now.offers.length === 0 && open !== 'new' && <p className="aima-small">No offer yet. One says what a campaign gives: percent or money off, a free item, cashback or points, with a code for each customer if you like.</p>}
      <ul className="aima-parts">{now.offers.map((offer) => (
        <li key={offer.id}>
          <span className="name"><b>{offer.name}</b>: {offer.words}{!offer.holds && <span className="aima-tag expired"> does not hold now</span>}
            <br /><span className="aima-small">{codesOf(offer)}{offer.redeemed > 0 && `, redeemed in ${number(offer.redeemed)} orders`}{offer.budget !== null && `, ${figure(offer.committed, 'money', props.currency)} of ${figure(offer.budget, 'money', props.currency)} committed`}{offer.valid_until && `, until ${day(offer.valid_until, true)}`}</span></span>
          {props.may_make && offer.codes === 'unique' && !offer.prefix && <button className="aima-quiet" onClick={() => setOpen(open === offer.id ? null : offer.id)}><Ticket size={14} /> Put codes in</button>}
          {props.may_withdraw && (asked === offer.id
            ? <><button className="aima-stop" disabled={busy} onClick={() => act('withdraw_offer', { offer: offer.id })}>Yes, withdraw</button><button className="aima-quiet" onClick={() => setAsked(null)}>Keep</button></>
            : <button className="aima-quiet" disabled={busy} onClick={() => setAsked(offer.id)}><X size={14} /> Withdraw</button>)}
          {open === offer.id && <Codes offer={offer} busy={busy} onAdd={(codes) => act('add_codes', { offer: offer.id, codes })} onClose={() => setOpen(null)} />}
        </li>
      ))}</ul>
      {error && <p className="aima-error" role="alert">{error}</p>}
      <p role="status" className="aima-small">{said}</p>
    </div>
  );
}

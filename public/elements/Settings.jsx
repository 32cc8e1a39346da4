import { useEffect, useState } from 'react';
import { Globe, KeyRound, LogOut, PlugZap, RotateCcw, Send, UserPlus } from 'lucide-react';

const { number } = window.aima;
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789';

function call(name, payload) {
  return Promise.resolve(callAction({ name, payload: payload || {} })).then((answer) => answer && answer.response).catch(() => null);
}

// A password nobody thought of, without letters that look alike.
function made() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => LETTERS[n % LETTERS.length]).join('');
}

function Section({ title, children }) {
  return <section className="aima-setting"><h4>{title}</h4><div>{children}</div></section>;
}

function Field({ label, hint, wrong, children }) {
  return <label className="aima-field">{label}{children}{hint && <small>{hint}</small>}{wrong && <span className="aima-error" role="alert">{wrong}</span>}</label>;
}

function fiscalWords(day) {
  if (!day) return 'Not told: fiscal years cannot be asked for yet';
  const [month, on] = day.split('-').map(Number);
  return `${on} ${MONTHS[month - 1]}`;
}

function Organisation({ first, mayEdit, choices, hasOrders, onKept }) {
  const [kept, setKept] = useState(first);
  const [now, setNow] = useState(first);
  const [wrong, setWrong] = useState({});
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const [relabel, setRelabel] = useState(true);
  useEffect(() => { setKept(first); setNow(first); }, [first]);
  const label = (list, value) => (list.find(([name]) => name === value) || [value, value])[1];
  const put = (name) => (event) => { setNow({ ...now, [name]: event.target.value }); setSaid(''); };
  const [month, on] = (now.fiscal_year || '-').split('-');
  const putFiscal = (m, d) => { setNow({ ...now, fiscal_year: m ? `${m}-${String(Math.max(1, Math.min(31, Number(d) || 1))).padStart(2, '0')}` : '' }); setSaid(''); };
  const assumed = (name) => kept.assumed.includes(name);
  const moneyChanges = hasOrders && now.currency !== kept.currency;
  const unchanged = Object.keys(now).every((name) => name === 'assumed' || now[name] === kept[name]) && !kept.assumed.length;

  if (!mayEdit) {
    const rows = [
      ['Name', kept.name], ['Currency', kept.currency || 'not told yet'], ['Time zone', kept.time_zone], ['Weeks begin on', label(choices.weeks, kept.week_start)],
      ['Fiscal year begins on', fiscalWords(kept.fiscal_year)], ['Dates are written', label(choices.formats, kept.formats || 'en-GB')],
    ];
    return <dl className="aima-told">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
  }

  async function save(event) {
    event.preventDefault();
    setBusy(true);
    setWrong({});
    const answer = (await call('save_organisation', { ...now, relabel: moneyChanges && relabel })) || { error: 'AIMA did not answer. Try again.' };
    setBusy(false);
    if (answer.error) return setWrong({ [answer.field || 'any']: answer.error });
    const done = moneyChanges || now.time_zone !== kept.time_zone ? 'Saved. Every figure is now read so; scores follow in a few minutes.' : 'Saved. Every figure is now read so.';
    setSaid([done, answer.elsewhere].filter(Boolean).join(' '));
    document.documentElement.dataset.formats = answer.organisation.formats;
    onKept(answer.organisation);
  }

  return (
    <form className="aima-settings-form" onSubmit={save}>
      <div className="aima-pair">
        <Field label="Name" wrong={wrong.name}><input name="name" value={now.name} maxLength="80" required onChange={put('name')} /></Field>
        <Field label="Currency of your figures" hint={assumed('currency') && 'Assumed: nobody has told it yet'} wrong={wrong.currency}>
          <input name="currency" list="aima-currencies" value={now.currency} placeholder="EUR" maxLength="3" onChange={(e) => { setNow({ ...now, currency: e.target.value.toUpperCase() }); setSaid(''); }} />
        </Field>
        <Field label="Time zone in which days are cut" hint={assumed('time_zone') && 'Assumed: nobody has told it yet'} wrong={wrong.time_zone}>
          <input name="time_zone" list="aima-zones" value={now.time_zone} onChange={put('time_zone')} />
        </Field>
        <Field label="Weeks begin on" wrong={wrong.week_start}>
          <select name="week_start" value={now.week_start} onChange={put('week_start')}>{choices.weeks.map(([name, words]) => <option key={name} value={name}>{words}</option>)}</select>
        </Field>
        <Field label="Fiscal year begins in" hint={!now.fiscal_year && 'Tell it to ask for “this fiscal year”'} wrong={wrong.fiscal_year}>
          <span className="aima-fiscal">
            <select name="fiscal_month" value={now.fiscal_year ? month : ''} onChange={(e) => putFiscal(e.target.value, on)}>
              <option value="">Not told</option>{MONTHS.map((name, i) => <option key={name} value={String(i + 1).padStart(2, '0')}>{name}</option>)}
            </select>
            {now.fiscal_year && <input name="fiscal_day" type="number" min="1" max="31" aria-label="Day on which the fiscal year begins" value={Number(on)} onChange={(e) => putFiscal(month, e.target.value)} />}
          </span>
        </Field>
        <Field label="Dates are written" hint={!now.formats && 'Also settles what 03/04 means in files and questions'} wrong={wrong.formats}>
          <select name="formats" value={now.formats} onChange={put('formats')}>
            {!kept.formats && <option value="">Not told</option>}{choices.formats.map(([name, words]) => <option key={name} value={name}>{words}</option>)}
          </select>
        </Field>
      </div>
      <datalist id="aima-currencies">{choices.currencies.map((code) => <option key={code} value={code} />)}</datalist>
      <datalist id="aima-zones">{choices.zones.map((zone) => <option key={zone} value={zone} />)}</datalist>
      {moneyChanges && (
        <fieldset className="aima-choice"><legend>The amounts loaded so far</legend>
          <label><input type="radio" name="relabel" checked={relabel} onChange={() => setRelabel(true)} /> always were in {now.currency || 'the new currency'}: only the label was wrong</label>
          <label><input type="radio" name="relabel" checked={!relabel} onChange={() => setRelabel(false)} /> are in {kept.currency || 'another currency'}: convert them by the exchange rates I have imported</label>
        </fieldset>
      )}
      {wrong.any && <p className="aima-error" role="alert">{wrong.any}</p>}
      <div className="aima-buttons"><button className="aima-go" disabled={busy || unchanged}>{busy ? 'Saving…' : 'Save'}</button><span role="status" className="aima-small">{said}</span></div>
    </form>
  );
}

function state(one) {
  if (!one.active) return 'No';
  return one.browsers ? `Yes, in ${one.browsers} ${one.browsers === 1 ? 'browser' : 'browsers'} now` : 'Yes';
}

// What can be done to one account. Removing it asks once more, in its place.
function Person({ one, isMe, onPassword, onDo }) {
  const [asked, setAsked] = useState(false);
  const { email, active, browsers } = one;
  const others = isMe ? browsers - 1 : browsers;
  const does = (name, done) => () => { setAsked(false); onDo(name, { email }, done); };
  if (asked) {
    return (
      <span className="aima-acts">Delete this account, its keys and its conversations?{' '}
        <button className="aima-stop" onClick={does('remove_person', `The account of ${email} is deleted.`)}>Delete</button>
        <button className="aima-quiet" autoFocus onClick={() => setAsked(false)}>Keep</button>
      </span>
    );
  }
  return (
    <span className="aima-acts">
      <button className="aima-quiet" aria-label={`New password for ${email}`} onClick={onPassword}><KeyRound size={13} /> New password</button>
      {others > 0 && <button className="aima-quiet" aria-label={`Sign ${email} out`} onClick={does('end_logins', isMe ? 'You are signed out of every other browser.' : `${email} is signed out everywhere.`)}><LogOut size={13} /> {isMe ? 'Sign out elsewhere' : 'Sign out'}</button>}
      {!isMe && <button className="aima-quiet" aria-label={`${active ? 'Disable' : 'Enable'} ${email}`} onClick={active ? does('disable_person', `${email} is signed out and cannot sign in any more. What they made stays.`) : does('enable_person', `${email} may sign in again.`)}>{active ? 'Disable' : 'Enable'}</button>}
      {!isMe && <button className="aima-quiet" aria-label={`Delete ${email}`} onClick={() => setAsked(true)}>Delete</button>}
    </span>
  );
}

function People({ list, roles, me, onList, onMe }) {
  const [adding, setAdding] = useState(null);
  const [keyFor, setKeyFor] = useState(null);
  const [wrong, setWrong] = useState('');
  const [said, setSaid] = useState('');
  const words = (role) => (roles.find(([name]) => name === role) || ['', ''])[1];
  const title = (role) => role[0].toUpperCase() + role.slice(1);

  async function change(name, payload, done) {
    setWrong(''); setSaid('');
    const answer = (await call(name, payload)) || { error: 'AIMA did not answer. Try again.' };
    if (answer.error) return setWrong(answer.error);
    setAdding(null); setKeyFor(null); setSaid(done);
    onList(answer.people);
    if (name === 'set_role' && payload.email === me) onMe();
  }

  return (
    <>
      <div className="aima-scroll"><table className="aima-table">
        <thead><tr><th scope="col" className="aima-plain">Person</th><th scope="col" className="aima-plain">Role</th><th scope="col" className="aima-plain">May sign in</th><th scope="col" className="aima-plain"><span className="aima-said">What can be done</span></th></tr></thead>
        <tbody>{list.map((one) => (
          <tr key={one.email}>
            <td>{one.name ? <><b>{one.name}</b> {one.email}</> : one.email}{one.email === me && ' (you)'}</td>
            <td>
              <select aria-label={`Role of ${one.email}`} title={words(one.role)} value={one.role} onChange={(e) => change('set_role', { email: one.email, role: e.target.value }, `${one.email} is now ${/^[aeiou]/.test(e.target.value) ? 'an' : 'a'} ${e.target.value}: may ${words(e.target.value).toLowerCase()}.`)}>
                {roles.map(([role]) => <option key={role} value={role}>{title(role)}</option>)}
              </select>
            </td>
            <td>{state(one)}</td>
            <td className="act"><Person one={one} isMe={one.email === me} onPassword={() => { setKeyFor({ email: one.email, password: made() }); setAdding(null); setSaid(''); setWrong(''); }} onDo={change} /></td>
          </tr>
        ))}</tbody>
      </table></div>
      {keyFor && (
        <form className="aima-form" onSubmit={(e) => { e.preventDefault(); change('set_password', keyFor, keyFor.email === me ? 'Your password is changed, and every other browser is signed out.' : `The password of ${keyFor.email} is changed, and they are signed out everywhere.`); }}>
          <Field label={`New password for ${keyFor.email}`} hint="At least 10 characters. It is shown only now: hand it over in person or by phone.">
            <input value={keyFor.password} minLength="10" required autoFocus onChange={(e) => setKeyFor({ ...keyFor, password: e.target.value })} />
          </Field>
          <div className="aima-buttons"><button className="aima-go">Set the password</button><button type="button" className="aima-quiet" onClick={() => setKeyFor(null)}>Cancel</button></div>
        </form>
      )}
      {adding && (
        <form className="aima-form" onSubmit={(e) => { e.preventDefault(); change('add_person', adding, `${adding.email} can sign in with the password “${adding.password}”. It is shown only now.`); }}>
          <div className="aima-pair">
            <Field label="Email address"><input type="email" required autoFocus value={adding.email} onChange={(e) => setAdding({ ...adding, email: e.target.value })} /></Field>
            <Field label="Name"><input value={adding.name} maxLength="80" onChange={(e) => setAdding({ ...adding, name: e.target.value })} /></Field>
            <Field label="Role" hint={words(adding.role)}><select value={adding.role} onChange={(e) => setAdding({ ...adding, role: e.target.value })}>{roles.map(([role]) => <option key={role} value={role}>{title(role)}</option>)}</select></Field>
            <Field label="First password" hint="At least 10 characters"><input value={adding.password} minLength="10" required onChange={(e) => setAdding({ ...adding, password: e.target.value })} /></Field>
          </div>
          <div className="aima-buttons"><button className="aima-go">Add</button><button type="button" className="aima-quiet" onClick={() => setAdding(null)}>Cancel</button></div>
        </form>
      )}
      {wrong && <p className="aima-error" role="alert">{wrong}</p>}
      <p role="status" className="aima-small">{said}</p>
      {!adding && <button className="aima-quiet" onClick={() => { setAdding({ email: '', name: '', role: 'manager', password: made() }); setKeyFor(null); setSaid(''); setWrong(''); }}><UserPlus size={13} /> Add a person</button>}
    </>
  );
}

const NOTHING = { provider: '', values: {}, sender_name: '', sender: '', reply_to: '', footer: '' };

// One setting of a provider. A secret never comes here: only whether it is stored.
function Setting({ field, value, stored, wrong, onPut }) {
  const shown = { name: field.name, value: value === undefined ? '' : value, onChange: (e) => onPut(field.name, e.target.value) };
  const hint = field.kind === 'secret' && stored ? 'Set. Leave it empty to keep it.' : field.hint;
  return (
    <Field label={field.label + (field.required || field.default || field.kind === 'flag' ? '' : ' (if needed)')} hint={hint} wrong={wrong}>
      {field.kind === 'choice' ? <select {...shown} value={value || field.default}>{field.choices.map(([name, words]) => <option key={name} value={name}>{words}</option>)}</select>
        : field.kind === 'flag' ? <select {...shown}><option value="">Usual</option><option value="true">Yes</option><option value="false">No</option></select>
          : <input {...shown} type={field.kind === 'secret' ? 'password' : 'text'} inputMode={field.kind === 'number' ? 'numeric' : undefined} autoComplete={field.kind === 'secret' ? 'new-password' : 'off'} placeholder={field.kind === 'secret' && stored ? '••••••••' : field.example || field.default} />}
    </Field>
  );
}

// A press that cannot be taken back is asked about once more, in its place.
function Twice({ words, ask, busy, onSure }) {
  const [asked, setAsked] = useState(false);
  if (!asked) return <button type="button" className="aima-quiet" disabled={busy} onClick={() => setAsked(true)}>{words}</button>;
  return (
    <span className="aima-twice" role="group" aria-label={ask}>{ask}{' '}
      <button type="button" className="aima-go" disabled={busy} autoFocus onClick={() => { setAsked(false); onSure(); }}>Yes, remove</button>{' '}
      <button type="button" className="aima-quiet" onClick={() => setAsked(false)}>Keep</button>
    </span>
  );
}

// When messages go out and how many a person gets.
function Rules({ first, mayEdit, onKept }) {
  const [now, setNow] = useState(first);
  const [wrong, setWrong] = useState({});
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => setNow(first), [first]);
  const put = (name, value) => { setNow({ ...now, [name]: value }); setSaid(''); setWrong({}); };
  const shown = (name) => ({ name, value: now[name], onChange: (e) => put(name, e.target.value) });
  if (!mayEdit) return <ul>{first.says.map((words) => <li key={words}>{words}</li>)}</ul>;

  async function save(event) {
    event.preventDefault();
    setBusy(true); setWrong({}); setSaid('');
    const answer = (await call('save_rules', now)) || { error: 'AIMA did not answer. Try again.' };
    setBusy(false);
    if (answer.error) return setWrong({ [answer.field || 'any']: answer.error });
    setSaid('Saved. It holds for all that has not been sent yet.');
    onKept(answer.rules);
  }
  return (
    <form className="aima-form aima-rules" aria-label="When messages go out" onSubmit={save}>
      <div className="aima-pair">
        <Field label="Quiet hours from" hint="Empty: messages go out at any hour"><input type="time" {...shown('quiet_from')} /></Field>
        <Field label="Quiet hours until" hint="By the clocks of where each customer is; messages wait" wrong={wrong.quiet}><input type="time" {...shown('quiet_until')} /></Field>
      </div>
      <div className="aima-pair">
        <Field label="Most messages for one person" hint="Over all campaigns and channels; empty: no limit"><input type="number" min="1" max="1000" {...shown('messages')} /></Field>
        <Field label="in how many days" hint="Whoever has had as many is left out" wrong={wrong.most}><input type="number" min="1" max="365" {...shown('days')} /></Field>
      </div>
      <div className="aima-pair">
        <Field label="Two people approve above so many recipients" hint="Empty: one person is enough" wrong={wrong.second_audience}><input type="number" min="0" {...shown('second_audience')} /></Field>
        <Field label="or above such a budget" hint="Most that a campaign may give away" wrong={wrong.second_budget}><input type="number" min="0" {...shown('second_budget')} /></Field>
      </div>
      <label><input type="checkbox" name="follows" checked={now.follows} onChange={(e) => put('follows', e.target.checked)} /> Follow opens and clicks in emails, by links that lead by way of AIMA</label>
      {Object.keys(wrong).filter((one) => !['quiet', 'most', 'second_audience', 'second_budget'].includes(one)).map((one) => <p key={one} className="aima-error" role="alert">{wrong[one]}</p>)}
      <div className="aima-buttons"><button className="aima-go" disabled={busy}>{busy ? 'Saving…' : 'Save'}</button></div>
      <p role="status" className="aima-small">{said}</p>
      {first.changed && <p className="aima-small">Last changed by {first.changed}.</p>}
    </form>
  );
}

const GRADES = { ok: ['approved', 'fine'], warn: ['pending', 'not sure'], fail: ['rejected', 'to do'] };

function ChannelForm({ way, onWays, onClose }) {
  const [now, setNow] = useState(way.kept || NOTHING);
  const [wrong, setWrong] = useState({});
  const [said, setSaid] = useState('');
  const [notes, setNotes] = useState([]);
  const [busy, setBusy] = useState('');
  const carrier = way.carriers.find((one) => one.name === now.provider);
  const kept = JSON.stringify(way.kept);
  useEffect(() => setNow(way.kept), [kept]);
  const put = (change) => { setNow((seen) => ({ ...seen, ...change })); setSaid(''); setWrong({}); setNotes([]); };
  const changed = JSON.stringify(now) !== kept;
  const typed = (name) => ({ name, value: now[name], onChange: (e) => put({ [name]: e.target.value }) });

  async function act(name, doing, done) {
    setBusy(doing); setWrong({}); setSaid(''); setNotes([]);
    const answer = (await call(name, { channel: way.channel, ...now })) || { error: 'AIMA did not answer. Try again.' };
    setBusy('');
    if (answer.error) return setWrong({ [answer.field || 'any']: answer.error });
    setSaid(answer.said || done || '');
    setNotes(answer.notes || []);
    if (answer.ways) {
      setNow(answer.ways.find((one) => one.channel === way.channel).kept);
      onWays(answer.ways);
    }
  }
  const places = ['sender', 'reply_to', 'footer', ...((carrier && carrier.fields) || []).map((one) => one.name)];
  const elsewhere = Object.keys(wrong).filter((name) => !places.includes(name)).map((name) => wrong[name]);

  return (
    <form className="aima-form aima-channel" aria-label={`Settings of ${way.title}`} onSubmit={(e) => { e.preventDefault(); act('save_channel', 'save', 'Saved. It holds for what is proposed from now on.'); }}>
      {way.trouble && <p className="aima-error" role="alert">{way.trouble}</p>}
      <Field label="Sent by" hint={carrier && !carrier.sends ? 'Messages are kept on this machine, to look at. Nobody gets them.' : ''}>
        <select name="provider" value={now.provider} onChange={(e) => put({ provider: e.target.value, values: e.target.value === way.kept.provider ? way.kept.values : {} })}>
          <option value="">As set up for this whole installation ({way.usual_carrier})</option>
          {way.carriers.map((one) => <option key={one.name} value={one.name}>{one.title}</option>)}
        </select>
      </Field>
      {carrier && carrier.fields.length > 0 && <div className="aima-pair">{carrier.fields.map((field) => (
        <Setting key={carrier.name + field.name} field={field} value={now.values[field.name]} wrong={wrong[field.name]} stored={now.provider === way.kept.provider && way.secrets.includes(field.name)}
          onPut={(name, value) => put({ values: { ...now.values, [name]: value } })} />
      ))}</div>}
      {carrier && carrier.reports && <p className="aima-small">{carrier.reports_to
        ? <>{carrier.title} reports what becomes of messages when its webhooks lead here: <code className="aima-address">{carrier.reports_to}</code></>
        : `${carrier.title} can report what becomes of messages once AIMA has a public address, which whoever runs it sets.`}</p>}
      <div className="aima-pair">
        {way.named && <Field label="From (name)"><input {...typed('sender_name')} maxLength="100" placeholder="Your shop" /></Field>}
        <Field label={way.named ? 'From (email address)' : 'From (number or name)'} hint={!now.sender && `Otherwise: ${way.usual}`} wrong={wrong.sender}><input {...typed('sender')} placeholder={way.named ? 'news@your-shop.com' : '+4915112345678'} /></Field>
        {way.named && <Field label="Answers go to" hint={!now.reply_to && 'Otherwise to the address above'} wrong={wrong.reply_to}><input {...typed('reply_to')} placeholder="hello@your-shop.com" /></Field>}
      </div>
      <Field label="At the end of each message" hint={`${way.named ? 'Your postal address: many laws ask for it (in the United States, CAN-SPAM). ' : ''}Up to ${number(way.longest_footer)} characters.`} wrong={wrong.footer}>
        <textarea {...typed('footer')} rows={way.named ? 3 : 1} maxLength={way.longest_footer} placeholder={way.named ? 'Your Shop Ltd, 1 High Street, London' : ''} />
      </Field>
      {elsewhere.map((words) => <p key={words} className="aima-error" role="alert">{words}</p>)}
      <div className="aima-buttons">
        <button className="aima-go" disabled={!!busy || !changed}>{busy === 'save' ? 'Saving…' : 'Save'}</button>
        {carrier && carrier.checks && <button type="button" className="aima-quiet" disabled={!!busy} onClick={() => act('check_channel', 'check')}><PlugZap size={13} /> {busy === 'check' ? 'Checking…' : 'Check'}</button>}
        {way.named && <button type="button" className="aima-quiet" disabled={!!busy} onClick={() => act('check_domain', 'domain')}><Globe size={13} /> {busy === 'domain' ? 'Looking it up…' : 'Check the domain'}</button>}
        {way.to_me && <button type="button" className="aima-quiet" disabled={!!busy || changed} title={changed ? 'Save first' : ''} onClick={() => act('test_channel', 'test')}><Send size={13} /> {busy === 'test' ? 'Sending…' : 'Send me a test'}</button>}
        {way.changed && <Twice words="Remove these settings" ask="Remove, with its password or key?" busy={!!busy} onSure={() => act('reset_channel', 'reset', 'Removed: it is now as set up for this whole installation.')} />}
        <button type="button" className="aima-quiet" onClick={onClose}>Close</button>
      </div>
      <div role="status">
        {said && <p className="aima-small">{said}</p>}
        {notes.length > 0 && <ul>{notes.map((note) => <li key={note.subject}><b>{note.subject}</b> <span className={'aima-tag ' + GRADES[note.grade][0]}>{GRADES[note.grade][1]}</span> {note.words}</li>)}</ul>}
      </div>
      {way.changed && <p className="aima-small">Last changed by {way.changed}. What is approved already goes as it was approved.</p>}
    </form>
  );
}

function Messages({ ways, onWays }) {
  const [open, setOpen] = useState('');
  return (
    <>
      <ul>{ways.map((way) => (
        <li key={way.channel}>
          <b>{way.title}</b> <span className={'aima-tag ' + (way.sends ? 'approved' : 'pending')}>{way.sends ? 'on' : way.trouble ? 'waits' : 'sandbox'}</span> {way.says}{' '}
          {way.carriers && open !== way.channel && <button className="aima-quiet" aria-label={`Change how ${way.title} are sent`} onClick={() => setOpen(way.channel)}>Change</button>}
          {way.carriers && open === way.channel && <ChannelForm way={way} onWays={onWays} onClose={() => setOpen('')} />}
        </li>
      ))}</ul>
      {ways.some((way) => !way.sends) && <p className="aima-small"><button className="aima-link" onClick={() => sendUserMessage('/mailbox')}>Open the sandbox mailbox</button></p>}
    </>
  );
}

export default function Settings() {
  const [now, setNow] = useState({ organisation: props.organisation, people: props.people, may_edit: props.may_edit, ways: props.ways, rules: props.rules });
  // A page that is opened again shows what holds now, to whoever looks now.
  const readAgain = () => call('read_settings').then((answer) => answer && !answer.error && setNow(answer));
  useEffect(() => { readAgain(); }, []);

  return (
    <div className="aima-box aima-settings">
      <Section title="Organisation">
        <Organisation first={now.organisation} mayEdit={now.may_edit} choices={props.choices} hasOrders={props.has_orders} onKept={(organisation) => setNow({ ...now, organisation })} />
        {props.is_demo && <p className="aima-small">This is the demo shop: its data is made up.</p>}
      </Section>
      <Section title="You"><p>You are signed in as <b>{props.me.email}</b>. You may {props.me.rights}.</p></Section>
      {now.may_edit && <Section title="People"><People list={now.people} roles={props.roles} me={props.me.email} onList={(people) => setNow((seen) => ({ ...seen, people }))} onMe={readAgain} /></Section>}
      {now.may_edit && (props.erasures || []).length > 0 && (
        <Section title="Erasures">
          {props.erasures.map((one) => <details key={one.number}><summary>{one.said} <small>{one.number}</small></summary><pre className="aima-text">{one.certificate}</pre></details>)}
        </Section>
      )}
      <Section title="Messages">
        <Messages ways={now.ways} onWays={(ways) => setNow((seen) => ({ ...seen, ways }))} />
        <h5>When they go out</h5>
        <Rules first={now.rules} mayEdit={now.may_edit} onKept={(rules) => setNow((seen) => ({ ...seen, rules }))} />
      </Section>
      <Section title="Answers">
        <p>{props.model}</p>
        {props.models.length > 0 && <p className="aima-small">Also on this machine: {props.models.join(', ')}. To use one, run <code>aima model use {props.models[0]}</code> where AIMA runs.</p>}
      </Section>
      <Section title="Data">
        <p>{props.freshness}</p>
        {props.data.length > 0 && (
          <div className="aima-scroll"><table className="aima-table">
            <thead><tr><th scope="col" className="aima-plain">Data</th><th scope="col" className="aima-plain num">Rows</th><th scope="col" className="aima-plain">From</th><th scope="col" className="aima-plain">To</th></tr></thead>
            <tbody>{props.data.map((one) => <tr key={one.title}><td>{one.title}</td><td className="num">{number(one.rows)}</td><td>{one.first}</td><td>{one.last}</td></tr>)}</tbody>
          </table></div>
        )}
        {props.absent.length > 0 && <p className="aima-small">Not loaded: {props.absent.join(', ').replace(/_/g, ' ')}.</p>}
        {props.imports.length > 0 && (
          <>
            <h5>Latest imports</h5>
            <ul>{props.imports.map((one) => (
              <li key={one.number}>{one.file}, {one.on}: {number(one.rows)} rows{one.status === 'undone' && ', taken back'}{' '}
                {!props.is_demo && one.status !== 'undone' && <button className="aima-quiet" aria-label={`Undo the import of ${one.file}`} onClick={() => sendUserMessage('/undo ' + one.number)}><RotateCcw size={13} /> Undo</button>}</li>
            ))}</ul>
            <button className="aima-link" onClick={() => sendUserMessage('/imports')}>All imports</button>
          </>
        )}
      </Section>
    </div>
  );
}

import { useEffect, useRef, useState } from 'react';
import { Plus, WandSparkles, X } from 'lucide-react';

const WAIT_MS = 400;
const { figure, number, sign } = window.aima;
const WORDS = {
  eq: 'is', ne: 'is not', lt: 'less than', le: 'at most', gt: 'more than', ge: 'at least', between: 'between',
  in: 'one of', not_in: 'none of', contains: 'contains', top_share: 'in the top', bottom_share: 'in the bottom',
  is_null: 'is unknown', not_null: 'is known',
};
const LISTS = ['in', 'not_in', 'between'];
const SHARES = ['top_share', 'bottom_share'];
const BARE = ['is_null', 'not_null'];
const TEXTS = ['text', 'time'];
const COMPARED = ['lt', 'le', 'gt', 'ge', 'between', 'top_share', 'bottom_share'];
const HINTS = { time: '30 days ago', between: 'low, high', in: 'one, two', not_in: 'one, two' };

// Times that move with the data are said in days: "30 days ago" for as_of-30d.
const AGO = /^(\d+) days? ago$/i;
const AHEAD = /^in (\d+) days?$/i;
const MOVING = /^as_of([+-])(\d+)d$/;

function parsed(text, unit) {
  const word = text.trim();
  if (word === '') return undefined;
  if (unit === 'time' && AGO.test(word)) return `as_of-${AGO.exec(word)[1]}d`;
  if (unit === 'time' && AHEAD.test(word)) return `as_of+${AHEAD.exec(word)[1]}d`;
  if (TEXTS.includes(unit) || !Number.isFinite(Number(word))) return word;
  return unit === 'share' ? Number((Number(word) / 100).toPrecision(12)) : Number(word);
}

function written(value, unit) {
  const one = (v) => {
    const moving = MOVING.exec(v);
    if (moving) return moving[1] === '-' ? `${moving[2]} days ago` : `in ${moving[2]} days`;
    return unit === 'share' && typeof v === 'number' ? Number((100 * v).toPrecision(12)) : v;
  };
  return value === undefined || value === null ? '' : [].concat(value).map(one).join(', ');
}

function kind(node) {
  return ['all', 'any', 'not', 'event', 'purchase', 'field'].find((name) => name in node);
}

// The top of the tree is a group, so that a condition can always be added.
function grouped(rule) {
  return ['all', 'any'].includes(kind(rule)) ? rule : { all: [rule] };
}

// The rule without conditions that are still half-written; null: nothing is left of it.
function complete(node) {
  const type = kind(node);
  if (type === 'not') { const inner = complete(node.not); return inner && { not: inner }; }
  if (type === 'all' || type === 'any') {
    const kept = node[type].map(complete).filter(Boolean);
    return kept.length ? { [type]: kept } : null;
  }
  if (type === 'event' || (type === 'field' && BARE.includes(node.operator))) return node;
  if (node.operator === 'between' && !(Array.isArray(node.value) && node.value.length === 2)) return null;
  return node.value === undefined || (Array.isArray(node.value) && node.value.length === 0) ? null : node;
}

function unitOf(field, op) {
  const known = props.fields.find((f) => f.name === field);
  return SHARES.includes(op) ? 'share' : known ? known.unit : 'text';
}

function shownUnit(unit) {
  if (unit === 'share') return '%';
  if (unit === 'money') return sign(props.currency);
  return ['text', 'time', 'boolean'].includes(unit) ? '' : unit;
}

function ConditionRow({ node, onChange }) {
  const chosen = props.fields.find((f) => f.name === node.field) || { meaning: '' };
  const unit = unitOf(node.field, node.operator);
  const [text, setText] = useState(written(node.value, unit));
  const listed = (props.values || {})[node.field] || [];
  const operators = props.operators.filter((op) => (unit === 'boolean' ? ['eq', ...BARE].includes(op)
    : unit === 'text' ? !COMPARED.includes(op) : op !== 'contains'));

  function put(changes, words) {
    const next = { ...node, ...changes };
    const its = unitOf(next.field, next.operator);
    if (its === 'boolean' && !BARE.includes(next.operator)) { next.operator = 'eq'; if (typeof next.value !== 'boolean') next.value = true; }
    else if (BARE.includes(next.operator)) delete next.value;
    else if (LISTS.includes(next.operator)) next.value = words.split(',').map((word) => parsed(word, its)).filter((v) => v !== undefined);
    else next.value = parsed(words, its);
    onChange(next);
  }

  function choose(field) {
    const its = unitOf(field, node.operator);
    const fits = its === 'text' ? !COMPARED.includes(node.operator) : node.operator !== 'contains';
    setText('');
    put({ field, operator: fits ? node.operator : its === 'text' ? 'eq' : 'ge' }, '');
  }

  return (
    <>
      <select aria-label="Field" value={node.field} title={chosen.meaning} onChange={(e) => choose(e.target.value)}>
        {[...new Set(props.fields.map((f) => f.group))].map((group) => (
          <optgroup key={group} label={group}>
            {props.fields.filter((f) => f.group === group).map((f) => <option key={f.name} value={f.name} title={f.meaning}>{f.title || f.name}</option>)}
          </optgroup>
        ))}
      </select>
      <select aria-label="Operator" value={node.operator} onChange={(e) => put({ operator: e.target.value }, text)}>
        {[...new Set([...operators, node.operator])].map((op) => <option key={op} value={op}>{WORDS[op] || op.replace(/_/g, ' ')}</option>)}
      </select>
      {!BARE.includes(node.operator) && unit === 'boolean' && (
        <select aria-label="Value" value={String(node.value)} onChange={(e) => onChange({ ...node, value: e.target.value === 'true' })}>
          <option value="true">yes</option><option value="false">no</option>
        </select>
      )}
      {!BARE.includes(node.operator) && unit !== 'boolean' && (
        <input aria-label="Value" value={text} placeholder={HINTS[node.operator] || HINTS[unit] || ''} list={listed.length ? 'aima-' + node.field : undefined}
          onChange={(e) => { setText(e.target.value); put({}, e.target.value); }} />
      )}
      {listed.length > 0 && <datalist id={'aima-' + node.field}>{listed.map((value) => <option key={value} value={value} />)}</datalist>}
      <span className="aima-small">{shownUnit(unit)}</span>
    </>
  );
}

// The days something was done in: so many back, or from one day to another.
function Days({ node, put }) {
  return node.start || node.end ? (
    <>
      <span className="aima-small">from</span>
      <input aria-label="Start" value={node.start || ''} placeholder="ever" onChange={(e) => put({ start: e.target.value })} />
      <span className="aima-small">to</span>
      <input aria-label="End" value={node.end || ''} placeholder="now" onChange={(e) => put({ end: e.target.value })} />
    </>
  ) : (
    <>
      <span className="aima-small">in the last</span>
      <input aria-label="Days" type="number" min="1" value={node.within_days || ''} placeholder="ever"
        onChange={(e) => put({ within_days: Math.floor(Number(e.target.value)) || undefined })} />
      <span className="aima-small">days</span>
    </>
  );
}

function EventRow({ node, onChange }) {
  const put = (changes) => {
    const next = { ...node, ...changes };
    for (const name of ['at_least', 'within_days', 'start', 'end']) if (!next[name]) delete next[name];
    onChange(next);
  };
  return (
    <>
      <select aria-label="Did" value={String(node.did !== false)} onChange={(e) => onChange({ ...node, did: e.target.value === 'true' })}>
        <option value="true">did</option><option value="false">did not</option>
      </select>
      <select aria-label="Event" value={node.event} onChange={(e) => onChange({ ...node, event: e.target.value })}>
        {props.events.map((name) => <option key={name} value={name}>{name.replace(/_/g, ' ')}</option>)}
      </select>
      <span className="aima-small">at least</span>
      <input aria-label="Times" type="number" min="1" value={node.at_least || ''} placeholder="1"
        onChange={(e) => put({ at_least: Math.floor(Number(e.target.value)) || undefined })} />
      <span className="aima-small">times</span>
      <Days node={node} put={put} />
    </>
  );
}

function PurchaseRow({ node, onChange }) {
  const [text, setText] = useState(written(node.value === undefined ? 1 : node.value, ''));
  const between = node.operator === 'between';
  const put = (changes) => {
    const next = { ...node, ...changes };
    for (const name of ['product', 'category', 'within_days', 'start', 'end']) if (!next[name]) delete next[name];
    onChange(next);
  };
  const amount = (words, op) => (op === 'between'
    ? words.split(',').map((word) => parsed(word, '')).filter((v) => v !== undefined) : parsed(words, ''));
  return (
    <>
      <select aria-label="Bought" value={node.purchase} onChange={(e) => put({ purchase: e.target.value })}>
        <option value="orders">ordered (times)</option><option value="revenue">spent</option>
        <option value="units">bought (units)</option><option value="refunds">sent back (times)</option>
      </select>
      <select aria-label="Operator" value={node.operator || 'ge'} onChange={(e) => put({ operator: e.target.value, value: amount(text, e.target.value) })}>
        {['ge', 'gt', 'le', 'lt', 'eq', 'between'].map((op) => <option key={op} value={op}>{WORDS[op]}</option>)}
      </select>
      <input aria-label="Value" value={text} placeholder={between ? 'low, high' : '1'}
        onChange={(e) => { setText(e.target.value); put({ value: amount(e.target.value, node.operator) }); }} />
      <span className="aima-small">of product</span>
      <input aria-label="Product" value={node.product || ''} placeholder="any" onChange={(e) => put({ product: e.target.value })} />
      <span className="aima-small">category</span>
      <input aria-label="Category" value={node.category || ''} placeholder="any" list="aima-categories" onChange={(e) => put({ category: e.target.value })} />
      <datalist id="aima-categories">{((props.values || {}).favourite_category || []).map((value) => <option key={value} value={value} />)}</datalist>
      <Days node={node} put={put} />
    </>
  );
}

function Node({ node, onChange, onRemove }) {
  const negated = kind(node) === 'not';
  const inner = negated ? node.not : node;
  const type = kind(inner);
  const put = (next) => onChange(negated ? { not: next } : next);
  const group = type === 'all' || type === 'any';

  function child(i, next) {
    const list = [...inner[type]];
    if (next) list[i] = next; else list.splice(i, 1);
    put({ [type]: list });
  }

  const add = (next) => put({ [type]: [...inner[type], next] });
  return (
    <div className={group ? 'aima-group' : 'aima-condition'}>
      <div className="aima-line">
        <button className={'aima-not' + (negated ? ' on' : '')} aria-pressed={negated} title="Turn into its opposite" onClick={() => onChange(negated ? inner : { not: inner })}>not</button>
        {group && (
          <select aria-label="Group" value={type} onChange={(e) => put({ [e.target.value]: inner[type] })}>
            <option value="all">all of these (and)</option><option value="any">any of these (or)</option>
          </select>
        )}
        {type === 'field' && <ConditionRow node={inner} onChange={put} />}
        {type === 'event' && <EventRow node={inner} onChange={put} />}
        {type === 'purchase' && <PurchaseRow node={inner} onChange={put} />}
        {!type && <span className="aima-small">a condition that cannot be changed here</span>}
        {onRemove && <button className="aima-quiet" aria-label="Remove" onClick={onRemove}><X size={13} /></button>}
      </div>
      {group && inner[type].map((one, i) => (
        // The length is part of the key: a removed condition must not leave its words to the next one.
        <Node key={i + '/' + inner[type].length} node={one} onChange={(next) => child(i, next)} onRemove={() => child(i, null)} />
      ))}
      {group && (
        <div className="aima-line">
          <button className="aima-quiet" onClick={() => add({ field: 'monetary_value', operator: 'gt' })}><Plus size={13} /> Condition</button>
          <button className="aima-quiet" onClick={() => add({ event: 'visit', did: true, at_least: 1, within_days: 30 })}><Plus size={13} /> Event</button>
          <button className="aima-quiet" onClick={() => add({ purchase: 'orders', operator: 'ge', value: 1, within_days: 90 })}><Plus size={13} /> Purchase</button>
          <button className="aima-quiet" onClick={() => add({ any: [{ field: 'monetary_value', operator: 'gt' }] })}><Plus size={13} /> Group</button>
        </div>
      )}
    </div>
  );
}

async function ask(name, payload) {
  const answer = await callAction({ name, payload });
  return (answer && answer.response) || { error: 'That did not work; reload the page and try again.' };
}

function Wish({ onRead }) {
  const [words, setWords] = useState('');
  const [unclear, setUnclear] = useState(null);
  const [busy, setBusy] = useState(false);

  async function read() {
    if (!words.trim() || busy) return;
    setBusy(true);
    const answer = await ask('read_words', { words });
    setBusy(false);
    setUnclear(answer.error ? [answer.error] : answer.unclear);
    if (answer.rule) onRead(answer.rule);
  }

  return (
    <div className="aima-wish">
      <textarea name="words" rows={2} value={words} aria-label="In words"
        placeholder="Describe them: customers who spent more than 100 in the last 90 days and haven't opened an email for a month"
        onChange={(e) => { setWords(e.target.value); setUnclear(null); }}
        onKeyDown={(e) => { if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); read(); } }} />
      <button className="aima-quiet" disabled={!words.trim() || busy} onClick={read}><WandSparkles size={14} /> {busy ? 'Reading…' : 'Turn into conditions'}</button>
      {unclear && unclear.length > 0 && <p className="aima-warn" role="alert">Not understood, and left out: {unclear.map((part) => `“${part}”`).join(', ')}</p>}
    </div>
  );
}

export default function SegmentEditor() {
  const [rule, setRule] = useState(grouped(props.rule));
  const [reading, setReading] = useState(0);
  const [found, setFound] = useState(null);
  const [note, setNote] = useState(null);
  const [busy, setBusy] = useState(false);
  const [letter, setLetter] = useState(null);
  const [name, setName] = useState('');
  const latest = useRef(0);
  const whole = complete(rule);
  const asked = JSON.stringify(whole);

  useEffect(() => {
    if (!whole) { setFound(null); return undefined; }
    const turn = ++latest.current;
    const timer = setTimeout(async () => {
      const answer = await ask('count_rule', { rule: whole });
      if (turn === latest.current) setFound({ ...answer, of: asked });
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [asked]);

  async function act(action, payload, words) {
    setBusy(true);
    const answer = await ask(action, { name: name.trim(), rule: whole, ...payload });
    setNote(answer.error ? { error: answer.error } : { words: words(answer) });
    if (!answer.error) setLetter(null);
    setBusy(false);
  }

  const size = found && found.segment;
  const code = size ? found.columns.findIndex((column) => column.name === 'customer_id') : 0;
  const counted = size && found.of === asked;
  const ready = counted && size.customers > 0 && name.trim() && !busy;
  return (
    <div className="aima-box aima-card aima-editor">
      <div className="aima-bar"><span className="aima-title">Segment editor</span>
        <span className="aima-count" role="status" data-count={counted ? size.customers : ''}>
          {!whole ? 'no condition' : counted ? <><b>{number(size.customers)}</b> customers</> : found && found.error && found.of === asked ? 'not a rule yet' : 'counting…'}
        </span>
      </div>
      <Wish onRead={(read) => { setRule(grouped(read)); setReading(reading + 1); }} />
      <Node key={reading} node={rule} onChange={setRule} />
      {found && found.error && <p className="aima-error" role="alert">{found.error}</p>}
      {size && (
        <div className="aima-facts">
          <div className="aima-fact"><span>Share of everybody</span><b>{figure(size.share, 'share')}</b></div>
          <div className="aima-fact"><span>Revenue</span><b>{figure(size.revenue_all, 'money', found.currency)}</b></div>
          <div className="aima-fact"><span>Average 12-month value</span><b>{figure(size.average_clv_12m, 'money', found.currency)}</b></div>
          <div className="aima-fact"><span>Leave in 90 days</span><b>{figure(size.average_churn_90, 'share')}</b></div>
          <div className="aima-fact"><span>Average health</span><b>{figure(size.average_health)}</b></div>
          <div className="aima-fact"><span>May get email</span><b>{figure(size.with_consent_email)}</b></div>
        </div>
      )}
      {size && found.rows.length > 0 && (
        <details className="aima-shown"><summary>The first {found.rows.length}, by what they spent</summary>
          <div className="aima-scroll"><table className="aima-table">
            <thead><tr>{found.columns.map((c) => <th key={c.name} className="aima-plain">{c.title || c.name}</th>)}</tr></thead>
            <tbody>{found.rows.map((row) => (
              <tr key={row[code]}>{row.map((cell, i) => (
                <td key={i}>{i === 0
                  ? <button className="aima-link" onClick={() => sendUserMessage('/customer ' + row[code])}>{cell || row[code]}</button>
                  : figure(cell, found.columns[i].unit, found.currency)}</td>
              ))}</tr>
            ))}</tbody>
          </table></div>
        </details>
      )}
      {letter && (
        <div className="aima-form">
          <label className="aima-field">Subject
            <input name="subject" value={letter.subject} onChange={(e) => setLetter({ ...letter, subject: e.target.value })} /></label>
          <label className="aima-field">Text
            <textarea name="body_text" rows={7} value={letter.body_text} onChange={(e) => setLetter({ ...letter, body_text: e.target.value })} /></label>
          <p className="aima-small">{'Fields such as {first_name|there}, and conditions such as {% if orders > 3 %} … {% endif %}, are filled in for every recipient: first_name, last_name, name, country, city, customer_id, last_order, days_since_last_order, orders, total_spent, last_products, favourite_category, shop, today, offer, offer_code, offer_until. A person decides on the card before anything is sent.'}</p>
        </div>
      )}
      {note && note.error && <p className="aima-error" role="alert">{note.error}</p>}
      {note && note.words && <p className="aima-small" role="note">{note.words}</p>}
      <div className="aima-buttons">
        <input className="aima-input" name="segment" aria-label="Name" placeholder="Name of the segment" value={name} onChange={(e) => setName(e.target.value)} />
        {props.can_save && <button className="aima-go" disabled={!ready} onClick={() => act('save_rule', {}, (a) =>
          `${a.created ? 'Saved' : 'Updated'} “${a.saved}”: ${number(a.size)} customers.`)}>Save</button>}
        {props.can_propose && !letter && <button className="aima-quiet" disabled={!ready}
          onClick={() => setLetter({ subject: '', body_text: '' })}>Launch a campaign at them</button>}
        {letter && <button className="aima-go" disabled={!ready || !letter.subject.trim() || !letter.body_text.trim()}
          onClick={() => act('propose_to_rule', letter, (a) => `“${a.proposed}” waits for a decision below.`)}>Propose</button>}
        {letter && <button className="aima-quiet" onClick={() => setLetter(null)}>Back</button>}
        {counted && !name.trim() && <span className="aima-small">Give it a name to save it or write to it.</span>}
      </div>
    </div>
  );
}

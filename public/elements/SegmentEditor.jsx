import { useEffect, useRef, useState } from 'react';
import { Plus, X } from 'lucide-react';

const WAIT_MS = 500;
const SYMBOLS = { GBP: '£', EUR: '€', USD: '$' };
const WORDS = {
  eq: '=', ne: '≠', lt: '<', le: '≤', gt: '>', ge: '≥', between: 'between (low, high)', in: 'one of', not_in: 'none of',
  contains: 'contains', top_share: 'highest share', bottom_share: 'lowest share', is_null: 'unknown', not_null: 'known',
};
const LISTS = ['between', 'in', 'not_in'];
const TEXTS = ['text', 'time', 'boolean'];

function figure(value, unit, currency) {
  if (value === null || value === undefined) return '–';
  if (typeof value !== 'number') return /^\d{4}-\d{2}-\d{2}T/.test(value) ? value.slice(0, 10) : String(value);
  if (unit === 'share') return (100 * value).toLocaleString('en-GB', { maximumFractionDigits: 1 }) + ' %';
  if (unit === 'money') return (SYMBOLS[currency] || currency + ' ') + value.toLocaleString('en-GB', { maximumFractionDigits: 0 });
  return value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
}

function parsed(text, unit) {
  const word = text.trim();
  if (word === '') return undefined;
  if (unit === 'boolean') return word === 'true' || word === 'yes';
  if (TEXTS.includes(unit)) return word;
  return Number.isFinite(Number(word)) ? Number(word) : word;
}

function written(value) {
  return value === undefined || value === null ? '' : [].concat(value).join(', ');
}

function kind(node) {
  return ['all', 'any', 'not', 'event', 'field'].find((name) => name in node);
}

// The rule without conditions that are still half-written; null: nothing is left of it.
function complete(node) {
  const type = kind(node);
  if (type === 'not') { const inner = complete(node.not); return inner && { not: inner }; }
  if (type === 'all' || type === 'any') {
    const kept = node[type].map(complete).filter(Boolean);
    return kept.length ? { [type]: kept } : null;
  }
  if (type === 'event' || ['is_null', 'not_null'].includes(node.op)) return node;
  return node.value === undefined || (Array.isArray(node.value) && node.value.length === 0) ? null : node;
}

function ConditionRow({ node, onChange }) {
  const chosen = props.fields.find((f) => f.name === node.field) || { unit: 'text', meaning: '' };
  const [text, setText] = useState(written(node.value));

  function put(changes, words) {
    const next = { ...node, ...changes };
    const unit = (props.fields.find((f) => f.name === next.field) || chosen).unit;
    if (['is_null', 'not_null'].includes(next.op)) delete next.value;
    else if (LISTS.includes(next.op)) next.value = words.split(',').map((word) => parsed(word, unit)).filter((v) => v !== undefined);
    else next.value = parsed(words, ['top_share', 'bottom_share'].includes(next.op) ? 'share' : unit);
    onChange(next);
  }

  return (
    <>
      <select aria-label="Field" value={node.field} title={chosen.meaning} onChange={(e) => put({ field: e.target.value }, text)}>
        {[...new Set(props.fields.map((f) => f.group))].map((group) => (
          <optgroup key={group} label={group}>
            {props.fields.filter((f) => f.group === group).map((f) => <option key={f.name} value={f.name}>{f.name}</option>)}
          </optgroup>
        ))}
      </select>
      <select aria-label="Operator" value={node.op} onChange={(e) => put({ op: e.target.value }, text)}>
        {props.operators.map((op) => <option key={op} value={op}>{WORDS[op] || op.replace(/_/g, ' ')}</option>)}
      </select>
      {!['is_null', 'not_null'].includes(node.op) && (
        <input aria-label="Value" value={text} placeholder={chosen.unit}
          onChange={(e) => { setText(e.target.value); put({}, e.target.value); }} />
      )}
      <span className="aima-small">{chosen.unit !== 'text' && chosen.unit}</span>
    </>
  );
}

function EventRow({ node, onChange }) {
  const whole = (name) => (e) => {
    const next = { ...node, [name]: Math.max(1, Math.floor(Number(e.target.value))) };
    if (!Number(e.target.value)) delete next[name];
    onChange(next);
  };
  return (
    <>
      <select aria-label="Did" value={String(node.did)} onChange={(e) => onChange({ ...node, did: e.target.value === 'true' })}>
        <option value="true">did</option><option value="false">did not</option>
      </select>
      <select aria-label="Event" value={node.event} onChange={(e) => onChange({ ...node, event: e.target.value })}>
        {props.events.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
      <span className="aima-small">at least</span>
      <input aria-label="Times" type="number" min="1" value={node.at_least || ''} onChange={whole('at_least')} />
      <span className="aima-small">times within</span>
      <input aria-label="Days" type="number" min="1" value={node.within_days || ''} placeholder="ever" onChange={whole('within_days')} />
      <span className="aima-small">days</span>
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
        <button className="aima-quiet" aria-pressed={negated} title="Turn into its opposite" onClick={() => onChange(negated ? inner : { not: inner })}>
          {negated ? <b>NOT</b> : 'not'}
        </button>
        {group && (
          <select aria-label="Group" value={type} onChange={(e) => put({ [e.target.value]: inner[type] })}>
            <option value="all">all of (AND)</option><option value="any">any of (OR)</option>
          </select>
        )}
        {type === 'field' && <ConditionRow node={inner} onChange={put} />}
        {type === 'event' && <EventRow node={inner} onChange={put} />}
        {onRemove && <button className="aima-quiet" aria-label="Remove" onClick={onRemove}><X size={13} /></button>}
      </div>
      {group && inner[type].map((one, i) => (
        // The length is part of the key: a removed condition must not leave its words to the next one.
        <Node key={i + '/' + inner[type].length} node={one} onChange={(next) => child(i, next)} onRemove={() => child(i, null)} />
      ))}
      {group && (
        <div className="aima-line">
          <button className="aima-quiet" onClick={() => add({ field: 'monetary_value', op: 'gt' })}><Plus size={13} /> Condition</button>
          <button className="aima-quiet" onClick={() => add({ event: 'visit', did: true, at_least: 1, within_days: 30 })}><Plus size={13} /> Event</button>
          <button className="aima-quiet" onClick={() => add({ any: [{ field: 'monetary_value', op: 'gt' }] })}><Plus size={13} /> Group</button>
        </div>
      )}
    </div>
  );
}

async function ask(name, payload) {
  const answer = await callAction({ name, payload });
  return (answer && answer.response) || { error: 'That did not work; reload the page and try again.' };
}

export default function SegmentEditor() {
  const [rule, setRule] = useState(props.rule);
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
  const ready = size && found.of === asked && name.trim() && !busy;
  return (
    <div className="aima-box aima-card aima-editor">
      <div className="aima-bar"><span className="aima-title">Segment editor</span>
        <span className="aima-tag" role="status" data-count={size && found.of === asked ? size.customers : ''}>
          {!whole ? 'no condition' : size && found.of === asked ? `${size.customers.toLocaleString('en-GB')} customers` : found && found.error ? 'not a rule' : 'counting…'}
        </span>
      </div>
      <Node node={rule} onChange={setRule} />
      {found && found.error && <p className="aima-error" role="alert">{found.error}</p>}
      {size && (
        <div className="aima-facts">
          <div className="aima-fact"><span>Share</span><b>{figure(size.share, 'share')}</b></div>
          <div className="aima-fact"><span>Revenue</span><b>{figure(size.revenue_all, 'money', found.currency)}</b></div>
          <div className="aima-fact"><span>Average 12-month value</span><b>{figure(size.average_clv_12m, 'money', found.currency)}</b></div>
          <div className="aima-fact"><span>Leave in 60 days</span><b>{figure(size.average_churn_60, 'share')}</b></div>
          <div className="aima-fact"><span>May get e-mail</span><b>{figure(size.with_consent_email)}</b></div>
        </div>
      )}
      {size && found.rows.length > 0 && (
        <div className="aima-scroll"><table className="aima-table">
          <thead><tr>{found.columns.map((c) => <th key={c.name} className="aima-plain">{c.name.replace(/_/g, ' ')}</th>)}</tr></thead>
          <tbody>{found.rows.map((row) => (
            <tr key={row[0]}>{row.map((cell, i) => <td key={i}>{figure(cell, found.columns[i].unit, found.currency)}</td>)}</tr>
          ))}</tbody>
        </table></div>
      )}
      {letter && (
        <div className="aima-form">
          <label className="aima-field">Subject
            <input name="subject" value={letter.subject} onChange={(e) => setLetter({ ...letter, subject: e.target.value })} /></label>
          <label className="aima-field">Text
            <textarea name="body_text" rows={7} value={letter.body_text} onChange={(e) => setLetter({ ...letter, body_text: e.target.value })} /></label>
          <p className="aima-small">{'Merge fields such as {first_name|there} are filled in for every recipient. A person decides on the card before anything is sent.'}</p>
        </div>
      )}
      {note && note.error && <p className="aima-error" role="alert">{note.error}</p>}
      {note && note.words && <p className="aima-small" role="note">{note.words}</p>}
      <div className="aima-buttons">
        <input className="aima-input" name="segment" aria-label="Name" placeholder="Name" value={name} onChange={(e) => setName(e.target.value)} />
        {props.can_save && <button className="aima-go" disabled={!ready} onClick={() => act('save_rule', {}, (a) =>
          `${a.created ? 'Saved' : 'Updated'} “${a.saved}”: ${a.size.toLocaleString('en-GB')} customers.`)}>Save</button>}
        {props.can_propose && !letter && <button className="aima-quiet" disabled={!ready}
          onClick={() => setLetter({ subject: '', body_text: '' })}>Launch a campaign at them</button>}
        {letter && <button className="aima-go" disabled={!ready || !letter.subject.trim() || !letter.body_text.trim()}
          onClick={() => act('propose_to_rule', letter, (a) => `“${a.proposed}” waits for a decision below.`)}>Propose</button>}
        {letter && <button className="aima-quiet" onClick={() => setLetter(null)}>Back</button>}
      </div>
    </div>
  );
}

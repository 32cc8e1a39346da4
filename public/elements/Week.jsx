import { useState } from 'react';
import { CalendarDays, Check, Download, Send } from 'lucide-react';

const { dayOfYear, figure, number, save, weekday } = window.aima;
const WORDS = { pending: 'waits', approved: 'approved', rejected: 'rejected', expired: 'expired' };
const CHANNELS = [['email', 'Email'], ['sms', 'SMS'], ['email,sms', 'Email, else SMS']];

function plural(n, noun) { return `${number(n)} ${noun}${n === 1 ? '' : 's'}`; }
function on(iso) { return `${weekday(iso)} ${dayOfYear(iso, true)}`; }
function hour(n) { return String(n).padStart(2, '0') + ':00'; }

async function call(name, payload) {
  try {
    const answer = await callAction({ name, payload });
    return (answer && answer.response) || { error: 'AIMA did not answer. Try again.' };
  } catch (failure) {
    return { error: String(failure) };
  }
}

function Fact({ label, children }) { return <div className="aima-fact"><span>{label}</span><b>{children}</b></div>; }

function allDays(plan) {
  const first = new Date(plan.week + 'T00:00:00Z');
  return [0, 1, 2, 3, 4, 5, 6].map((n) => new Date(first.getTime() + n * 86400000).toISOString().slice(0, 10));
}

function Calendar({ plan, chosen, onChoose }) {
  return (
    <ul className="aima-calendar" aria-label={`The week of ${on(plan.week)}`}>
      {allDays(plan).map((day) => {
        const groups = plan.groups.filter((one) => one.day === day);
        const people = groups.reduce((sum, one) => sum + one.customers, 0);
        return (
          <li key={day} className={groups.length ? '' : 'empty'}>
            <h5>{on(day)} {people > 0 && <small>{number(people)}</small>}</h5>
            {groups.length === 0 && <span className="none">{plan.days.includes(day) ? 'nothing' : 'over'}</span>}
            {groups.map((one) => (
              <button key={one.kind + one.channel} className="aima-action" aria-pressed={Boolean(chosen) && chosen.day === day && chosen.kind === one.kind}
                onClick={() => onChoose({ day, kind: one.kind, title: one.title })}>
                <b>{one.title}</b>
                <span>{plural(one.customers, 'customer')}, {one.channel}</span>
                <small>{one.offer}, about {hour(one.hour)}, score {number(one.score)}</small>
              </button>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

function Actions({ found, chosen, currency, busy, onPage, onClose }) {
  const { rows, total, size, offset } = found;
  return (
    <>
      <div className="aima-bar"><span className="aima-title">{chosen.title}, {on(chosen.day)}: {plural(total, 'customer')}</span>
        <button className="aima-quiet" onClick={onClose}>Close</button></div>
      <div className="aima-scroll" tabIndex={0} role="group" aria-label={`Actions of ${chosen.title}`}>
        <table className="aima-table">
          <thead><tr>{['Customer', 'Score', 'Reason', 'Offer', 'Window', 'Channel', 'Message', 'Hint', 'Cost'].map((name) => <th key={name} scope="col" className={name === 'Score' || name === 'Cost' ? 'num' : ''}><span>{name}</span></th>)}</tr></thead>
          <tbody>{rows.map((row, i) => (
            <tr key={i}>
              <td title={row.customer}><button className="aima-link" onClick={() => sendUserMessage('/customer ' + row.customer)}>{row.name || row.customer}</button></td>
              <td className="num">{number(row.score, 1)}</td>
              <td className="words" title={row.reason}><div>{row.reason}</div></td>
              <td>{row.offer}</td><td>{row.window}</td><td>{row.channel}</td>
              <td title={row.message}>{row.message}</td>
              <td className="words" title={row.hint || ''}><div>{row.hint || '–'}</div></td>
              <td className="num">{figure(row.cost, 'money', currency)}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
      {total > size && <div className="aima-bar aima-foot"><span>{number(offset + 1)} to {number(offset + rows.length)} of {number(total)}</span>
        <span className="aima-pages">
          <button className="aima-quiet" disabled={busy || offset === 0} onClick={() => onPage(offset - size)}>Previous</button>
          <button className="aima-quiet" disabled={busy || offset + size >= total} onClick={() => onPage(offset + size)}>Next</button>
        </span></div>}
    </>
  );
}

function Proposals({ proposals, currency, mayApprove, busy, onApprove }) {
  const pending = proposals.filter((one) => one.status === 'pending');
  const messages = pending.reduce((sum, one) => sum + one.to_send, 0);
  return (
    <div>
      <div className="aima-panel-head"><h4>Proposals of this plan</h4><span className="aima-small">{number(pending.length)} of {number(proposals.length)} wait</span></div>
      <ul className="aima-parts">{proposals.map((one) => (
        <li key={one.id} data-proposal={one.id} data-status={one.status}>
          <span className="name">{one.title}</span>
          <span className="aima-small">{plural(one.to_send, 'message')}{one.budget ? `, gives away ${figure(one.budget, 'money', currency)} at most` : ''}</span>
          <span className={'aima-tag ' + one.status}>{WORDS[one.status]}{one.status === 'pending' && one.endorsed_by ? ' for a second person' : ''}</span>
          <button className="aima-quiet" onClick={() => sendUserMessage('/plan ' + one.id)}>Open</button>
          {one.status === 'pending' && mayApprove && <button className="aima-quiet" disabled={busy} onClick={() => onApprove([one])}><Check size={14} /> Approve</button>}
        </li>
      ))}</ul>
      {pending.length > 1 && mayApprove && <div className="aima-buttons">
        <button className="aima-go" disabled={busy} onClick={() => onApprove(pending)}><Check size={15} /> Approve all {number(pending.length)}: {plural(messages, 'message')}</button>
      </div>}
      {!mayApprove && pending.length > 0 && <p className="aima-small">Your role may not approve; a manager or administrator can.</p>}
    </div>
  );
}

function Planner({ plan, busy, onPlan }) {
  const [form, setForm] = useState({ week: '', budget: '', most: '1', channels: 'email' });
  const put = (name) => (e) => setForm({ ...form, [name]: e.target.value });
  return (
    <form className="aima-form" aria-label="Plan a week" onSubmit={(e) => { e.preventDefault(); onPlan({ ...form, channels: form.channels.split(',') }); }}>
      <div className="aima-pair">
        <label className="aima-field">Week of (empty: next week)<input type="date" name="week" value={form.week} onChange={put('week')} /></label>
        <label className="aima-field">Budget for offers (empty: none is set)<input type="number" min="0" step="any" name="budget" value={form.budget} onChange={put('budget')} /></label>
        <label className="aima-field">Most messages for one customer<input type="number" min="1" max="3" name="most" value={form.most} onChange={put('most')} /></label>
        <label className="aima-field">Channels<select className="aima-input" name="channels" value={form.channels} onChange={put('channels')}>{CHANNELS.map(([value, title]) => <option key={value} value={value}>{title}</option>)}</select></label>
      </div>
      <div className="aima-buttons"><button className="aima-go" disabled={busy}><CalendarDays size={15} /> {busy ? 'Planning…' : plan ? 'Plan anew' : 'Plan the week'}</button></div>
    </form>
  );
}

export default function Week() {
  const [now, setNow] = useState({ plan: props.plan, proposals: props.proposals || [] });
  const [chosen, setChosen] = useState(null);
  const [found, setFound] = useState(null);
  const [form, setForm] = useState(!props.plan);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [said, setSaid] = useState('');
  const { plan, proposals } = now;

  async function act(name, payload, after) {
    setBusy(true); setError(''); setSaid('');
    const answer = await call(name, payload);
    setBusy(false);
    if (answer.error) return setError(answer.error);
    if (answer.plan) setNow({ plan: answer.plan, proposals: answer.proposals });
    after(answer);
  }
  const read = (what, offset) => act('read_week', { week: plan.week, day: what.day, kind: what.kind, offset }, (answer) => { setChosen(what); setFound({ ...answer, offset }); });
  const make = (told) => act('plan_week', told, (answer) => { setChosen(null); setFound(null); setForm(false); setSaid(`Planned: ${plural(answer.plan.actions, 'action')}.`); });
  const propose = () => act('propose_week', { week: plan.week }, (answer) => setSaid(answer.left_out.length ? `Not proposed: ${answer.left_out.join('; ')}` : 'Proposed. Nothing goes out before it is approved.'));
  const approve = (which) => act('approve_week', { approvals: which.map((one) => ({ proposal_id: one.id, content_hash: one.content_hash })) }, (answer) => {
    const parts = [`${plural(answer.approved, 'campaign')} approved.`];
    if (answer.endorsed) parts.push(`${number(answer.endorsed)} wait for a second person.`);
    setSaid(parts.join(' '));
    if (answer.refused.length) setError(answer.refused.join(' '));
  });
  const download = () => act('export_week', { week: plan.week }, (answer) => {
    save(answer.file_name.replace(/\.csv$/, ''), 'csv', new Blob(['\ufeff' + answer.csv], { type: 'text/csv;charset=utf-8' }));
    setSaid(answer.rows < answer.total ? `The file has the first ${number(answer.rows)} of ${number(answer.total)} actions.` : '');
  });

  return (
    <div className="aima-box aima-week">
      <div className="aima-bar">
        <span className="aima-title">{plan ? `Week of ${on(plan.week)}` : 'No week is planned yet'}</span>
        {plan && <button className="aima-quiet" disabled={busy} onClick={download} title="Save all actions as CSV"><Download size={14} /> CSV</button>}
        {plan && props.may_plan && <button className="aima-quiet" disabled={busy} aria-expanded={form} onClick={() => setForm(!form)}><CalendarDays size={14} /> Plan anew</button>}
      </div>
      {!plan && props.nothing && <p className="aima-small">{props.nothing}</p>}
      {form && props.may_plan && <Planner plan={plan} busy={busy} onPlan={make} />}
      {plan && <>
        <div className="aima-facts">
          <Fact label="Actions">{number(plan.actions)}</Fact>
          <Fact label="Customers">{number(plan.customers)}</Fact>
          <Fact label="Gives away at most">{figure(plan.cost, 'money', plan.currency)}</Fact>
          <Fact label="Budget">{plan.budget === null ? 'none set' : figure(plan.budget, 'money', plan.currency)}</Fact>
        </div>
        <Calendar plan={plan} chosen={chosen} onChoose={(what) => read(what, 0)} />
        {chosen && found && <Actions found={found} chosen={chosen} currency={plan.currency} busy={busy} onPage={(offset) => read(chosen, offset)} onClose={() => { setChosen(null); setFound(null); }} />}
        <details className="aima-shown" open={proposals.length === 0}><summary>What it is expected to bring</summary>
          <ul className="aima-returns">{plan.kinds.map((one) => <li key={one.kind}><b>{one.title}</b>, {plural(one.customers, 'customer')}: {one.expected.words}</li>)}
            {plan.not_planned.map((words) => <li key={words}>Not planned: {words}</li>)}</ul>
        </details>
        <details className="aima-shown"><summary>What held while it was planned</summary>
          <ul className="aima-returns">{plan.limits.map((words) => <li key={words}>{words}</li>)}</ul>
        </details>
        {proposals.length > 0 && <Proposals proposals={proposals} currency={plan.currency} mayApprove={props.may_approve} busy={busy} onApprove={approve} />}
        {props.may_propose && plan.groups.length > proposals.length && <div className="aima-buttons">
          <button className="aima-go" disabled={busy} onClick={propose}><Send size={15} /> {busy ? 'One moment…' : `Propose ${plural(plan.groups.length - proposals.length, 'campaign')}`}</button>
          <span className="aima-small">Nothing is sent by that: each waits for approval.</span>
        </div>}
      </>}
      {error && <p className="aima-error" role="alert">{error}</p>}
      <p role="status" className="aima-small">{said}</p>
    </div>
  );
}

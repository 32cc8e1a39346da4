import { useState } from 'react';
import { Target } from 'lucide-react';

const TONES = { reached: 'approved', 'on track': 'approved', open: 'pending', behind: 'rejected' };

function Row({ row }) {
  return (
    <li>
      <div className="aima-bar aima-target"><b>{row.name}</b> <span className="aima-small">{row.days}</span> <span className={'aima-tag ' + (TONES[row.verdict] || 'pending')}>{row.verdict}</span></div>
      <p className="aima-small aima-inset">{row.about}</p>
    </li>
  );
}

// Targets that are kept and how they stand; chat/forecast.py writes every word and keeps what is set here.
export default function Targets() {
  const { metrics, periods, may_keep: mayKeep } = props;
  const [rows, setRows] = useState(props.targets);
  const [form, setForm] = useState({ metric: metrics[0][0], amount: '', start: periods[0][1], end: periods[0][2] });
  const [kept, setKept] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const put = (name) => (e) => setForm({ ...form, [name]: e.target.value });
  const chosen = periods.findIndex(([, start, end]) => start === form.start && end === form.end);

  function choose(e) {
    const found = periods[Number(e.target.value)];
    if (found) setForm({ ...form, start: found[1], end: found[2] });
  }
  async function keep(e) {
    e.preventDefault();
    setBusy(true); setError(''); setKept(null);
    try {
      const answer = await callAction({ name: 'keep_target', payload: form });
      const said = (answer && answer.response) || { error: 'AIMA did not answer. Try again.' };
      if (said.error) setError(said.error);
      else { setRows(said.targets); setKept(said.kept); }
    } catch (failure) {
      setError(String(failure));
    }
    setBusy(false);
  }

  return (
    <div className="aima-box aima-targets">
      <div className="aima-bar"><span className="aima-title">Targets and the pace</span></div>
      {rows.length > 0 ? <ul className="aima-mails">{rows.map((row) => <Row key={row.name + row.days} row={row} />)}</ul>
        : <p className="aima-small aima-inset">No target is kept for these days. Set one, and this page says whether it is in reach and what each day has to bring.</p>}
      {mayKeep ? (
        <div className="aima-inset">
          <form className="aima-form" aria-label="Set a target" onSubmit={keep}>
            <div className="aima-pair">
              <label className="aima-field">Figure<select className="aima-input" name="metric" value={form.metric} onChange={put('metric')}>{metrics.map(([name, title]) => <option key={name} value={name}>{title}</option>)}</select></label>
              <label className="aima-field">Target<input name="amount" inputMode="decimal" required placeholder="50,000" value={form.amount} onChange={put('amount')} /></label>
              <label className="aima-field">Days<select className="aima-input" name="days" value={chosen} onChange={choose}>{periods.map(([name], n) => <option key={name} value={n}>{name}</option>)}<option value={-1}>Other days</option></select></label>
              <label className="aima-field">From<input type="date" name="start" required value={form.start} onChange={put('start')} /></label>
              <label className="aima-field">To<input type="date" name="end" required value={form.end} onChange={put('end')} /></label>
            </div>
            <div className="aima-buttons"><button className="aima-go" disabled={busy}><Target size={15} aria-hidden="true" /> {busy ? 'Working out the pace…' : 'Set the target'}</button></div>
            {error && <p className="aima-error" role="alert">{error}</p>}
            <div role="status">{kept && <p className="aima-small"><b>Kept.</b> {kept.name}, {kept.days}: {kept.verdict}. {kept.about}</p>}</div>
          </form>
        </div>
      ) : <p className="aima-small aima-inset">Your role may not set targets.</p>}
    </div>
  );
}

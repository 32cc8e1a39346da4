import { useState } from 'react';
import { AlertTriangle, Check, ClipboardCheck } from 'lucide-react';

const SYMBOLS = { GBP: '£', EUR: '€', USD: '$' };
// Where an alert of a kind is looked into.
const LOOK = { delivery_unknown: '/approvals', churn_model_drift: 'How good is the churn model?', segment_drift: '/segments' };

function figure(value, unit) {
  if (value === null || value === undefined) return '–';
  if (unit === 'share') return (100 * value).toLocaleString('en-GB', { maximumFractionDigits: 1 }) + ' %';
  if (unit === 'money') {
    const digits = { maximumFractionDigits: Math.abs(value) < 1000 ? 2 : 0 };
    return (SYMBOLS[props.currency] || props.currency + ' ') + value.toLocaleString('en-GB', digits);
  }
  return value.toLocaleString('en-GB', { maximumFractionDigits: 1 });
}

function Trend({ values, weeks, unit }) {
  const known = values.filter((v) => v !== null);
  if (known.length < 2) return null;
  const [low, high] = [Math.min(0, ...known), Math.max(...known)];
  const at = (v, i) => `${((100 * i) / (values.length - 1)).toFixed(1)},${(30 - (28 * (v - low)) / (high - low || 1)).toFixed(1)}`;
  const points = values.map((v, i) => (v === null ? null : at(v, i))).filter(Boolean).join(' ');
  return (
    <svg className="aima-spark" viewBox="0 0 100 32" preserveAspectRatio="none" role="img"
      aria-label={`By week from ${weeks[0]}: ${values.map((v) => figure(v, unit)).join(', ')}`}>
      <title>{`By week from ${weeks[0]}: ${values.map((v) => figure(v, unit)).join(' · ')}`}</title>
      <polyline points={points} fill="none" stroke="hsl(var(--primary))" strokeWidth="1.8" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

function Headline({ line, days, weeks }) {
  const up = line.change > 0;
  return (
    <div className="aima-tile">
      <span>{line.title}</span>
      <b>{figure(line.now, line.unit)}</b>
      <small>
        {line.change === null ? 'nothing to compare with'
          : `${up ? '+' : line.change < 0 ? '−' : ''}${Math.abs(100 * line.change).toLocaleString('en-GB', { maximumFractionDigits: 1 })} % on the ${days} days before`}
      </small>
      <Trend values={line.weeks} weeks={weeks} unit={line.unit} />
    </div>
  );
}

function Alerts({ alerts }) {
  const [seen, setSeen] = useState([]);
  const [error, setError] = useState(null);
  const left = alerts.filter((alert) => !seen.includes(alert.id));

  async function mark(ids) {
    const answer = await callAction({ name: 'mark_alerts_seen', payload: { alert_ids: ids } });
    const problem = answer && answer.response && answer.response.error;
    setError(problem || null);
    if (answer && answer.response && !problem) setSeen([...seen, ...ids]);
  }

  return (
    <section className="aima-alerts" data-unseen={left.length}>
      <div className="aima-bar">
        <span className="aima-title">{left.length ? `${left.length} ${left.length === 1 ? 'alert' : 'alerts'} nobody has seen` : 'No alert is waiting'}</span>
        {props.can_mark && left.length > 1 && <button className="aima-quiet" onClick={() => mark(left.map((a) => a.id))}><Check size={13} /> All seen</button>}
      </div>
      {error && <p className="aima-error" role="alert">{error}</p>}
      <ul>{left.map((alert) => (
        <li key={alert.id}>
          <AlertTriangle size={15} className={'aima-severity ' + alert.severity} />
          <span><b>{alert.title}</b>{typeof alert.detail.reason === 'string' && <> {alert.detail.reason}</>}<small> {alert.severity} · {alert.created_at.slice(0, 16).replace('T', ' ')}</small></span>
          <span className="aima-pages">
            {LOOK[alert.kind] && <button className="aima-quiet" onClick={() => sendUserMessage(LOOK[alert.kind])}>Look</button>}
            {props.can_mark && <button className="aima-quiet" onClick={() => mark([alert.id])}><Check size={13} /> Seen</button>}
          </span>
        </li>
      ))}</ul>
    </section>
  );
}

export default function Dashboard() {
  const { headlines, alerts, approvals, suggestions, freshness } = props;
  return (
    <div className="aima-box aima-dashboard">
      {headlines && (
        <div className="aima-tiles">
          {headlines.headlines.map((line) => <Headline key={line.metric} line={line} days={headlines.days} weeks={headlines.weeks} />)}
        </div>
      )}
      {alerts && (alerts.length > 0 || headlines) && <Alerts alerts={alerts} />}
      {approvals && approvals.length > 0 && (
        <section className="aima-alerts">
          <div className="aima-bar"><span className="aima-title">{approvals.length} {approvals.length === 1 ? 'proposal waits' : 'proposals wait'} for a decision</span>
            <button className="aima-quiet" onClick={() => sendUserMessage('/approvals')}><ClipboardCheck size={13} /> Decide</button></div>
          <ul>{approvals.map((one) => (
            <li key={one.id}><span><b>{one.title}</b><small> {one.to_send.toLocaleString('en-GB')} messages · made {one.created_at.slice(0, 10)} by {one.created_by}</small></span></li>
          ))}</ul>
        </section>
      )}
      {freshness && <p className="aima-small aima-inset">{freshness}</p>}
      {suggestions && suggestions.length > 0 && (
        <div className="aima-chips aima-inset">
          {suggestions.map(([label, text]) => <button key={text} className="aima-chip" onClick={() => sendUserMessage(text)}>{label}</button>)}
        </div>
      )}
    </div>
  );
}

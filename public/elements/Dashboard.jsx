import { useEffect, useRef, useState } from 'react';
import { AlertTriangle, ArrowRight, Check, ClipboardCheck } from 'lucide-react';

const { axis, day, dayOfYear, figure, month, number, range, weekday } = window.aima;
const TALL = 230; // pixels of the chart
const ROOM = { left: 58, right: 14, top: 12, bottom: 26 };
const TICK = 84; // pixels a date needs below the chart

function bucketName(bucket, grain) {
  if (grain === 'month') return month(bucket.start);
  const name = day(bucket.start, true);
  return grain === 'week' ? `Week of ${name}` : `${weekday(bucket.start)}, ${name}`;
}

// How a figure moved: the words, the class of its colour, and a sentence for those who do not see it.
function moved(line, currency) {
  const was = figure(line.before, line.unit, currency);
  if (line.now === null) return { text: 'too few to tell', kind: 'flat', said: 'too few to tell' };
  if (line.before === null) return { text: 'no earlier figure', kind: 'flat', said: 'no earlier figure' };
  if (line.change === null && line.before === 0 && line.now > 0) return { text: 'new', kind: 'flat', said: 'new: nothing before' };
  if (line.change === null) return { text: `${was} before`, kind: 'flat', said: `${was} before` };
  const size = number(Math.abs(100 * line.change), 1);
  const amount = line.unit === 'share' ? `${size} points` : `${size}%`;
  if (size === '0.0') return { text: 'unchanged', kind: 'flat', said: `unchanged from ${was}` };
  const up = line.change > 0;
  const kind = line.good === 'neither' ? 'flat' : up ? 'up' : 'down';
  return { text: `${up ? '▲' : '▼'} ${amount}`, kind, said: `${up ? 'up' : 'down'} ${amount} from ${was}` };
}

function Move({ line, currency }) {
  const { text, kind, said } = moved(line, currency);
  return <small className={'aima-move ' + kind} title={said}><span aria-hidden="true">{text}</span><span className="aima-said">{said}</span></small>;
}

function Spark({ line }) {
  const values = line.over_time;
  const known = [...values, ...line.over_time_before].filter((v) => v !== null);
  if (known.length < 2) return <svg className="aima-spark" aria-hidden="true" />;
  const [low, high] = [Math.min(0, ...known), Math.max(...known)];
  const path = (list) => list.map((v, i) => (v === null ? null : `${((100 * i) / Math.max(1, list.length - 1)).toFixed(1)},${(30 - (28 * (v - low)) / (high - low || 1)).toFixed(1)}`)).filter(Boolean).join(' ');
  return (
    <svg className="aima-spark" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
      {line.over_time_before.length > 1 && <polyline points={path(line.over_time_before)} className="before" vectorEffect="non-scaling-stroke" />}
      <polyline points={path(values)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

// Round numbers from `low` to above `high`, four or five of them.
function ticks(low, high) {
  const raw = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw);
  const first = Math.floor(low / step) * step;
  const found = [];
  for (let at = first; at < high + step * 0.999; at += step) found.push(Math.round(at * 1e6) / 1e6);
  return found;
}

function Course({ report, line }) {
  const box = useRef(null);
  const [wide, setWide] = useState(700);
  const [at, setAt] = useState(null);
  const { currency, grain, buckets, buckets_before: earlier } = report;
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWide(Math.max(240, entry.contentRect.width)));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);

  const [now, before] = [line.over_time, line.over_time_before];
  const known = [...now, ...before].filter((v) => v !== null);
  const marks = ticks(Math.min(0, ...known), Math.max(0, ...known));
  const [low, high] = [marks[0], marks[marks.length - 1]];
  const most = Math.max(now.length, before.length, 2) - 1;
  const x = (i) => ROOM.left + ((wide - ROOM.left - ROOM.right) * i) / most;
  const y = (v) => TALL - ROOM.bottom - ((TALL - ROOM.top - ROOM.bottom) * (v - low)) / (high - low || 1);
  // A line is broken where nothing is known, and its unfinished ends are left to dots.
  const path = (list, parts) => list.reduce(({ d, on }, v, i) => (
    v === null || !parts[i] || !parts[i].whole ? { d, on: false } : { d: `${d}${on ? 'L' : 'M'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`, on: true }), { d: '', on: false }).d;
  const every = Math.max(1, Math.ceil((TICK * buckets.length) / Math.max(1, wide - ROOM.left - ROOM.right)));
  const label = (i) => (grain === 'month' ? month(buckets[i].start).replace(/^(...)\S*/, '$1') : dayOfYear(buckets[i].start, true));
  const place = (event) => {
    const seen = box.current.getBoundingClientRect();
    const i = Math.round(((event.clientX - seen.left - ROOM.left) / (wide - ROOM.left - ROOM.right)) * most);
    setAt(Math.min(most, Math.max(0, i)));
  };
  const keys = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    setAt(Math.min(most, Math.max(0, (at === null ? (step > 0 ? -1 : most + 1) : at) + step)));
  };
  const part = (i) => (buckets[i] && !buckets[i].whole ? ' (not complete)' : '');
  const told = at !== null && [
    now[at] !== undefined && `${bucketName(buckets[at], grain)}${part(at)}: ${figure(now[at], line.unit, currency)}`,
    before[at] !== undefined && `${bucketName(earlier[at], grain)}: ${figure(before[at], line.unit, currency)}`,
  ].filter(Boolean);

  return (
    <div className="aima-course" ref={box} tabIndex={0} role="group" onPointerMove={place} onPointerDown={place} onPointerLeave={() => setAt(null)} onBlur={() => setAt(null)} onKeyDown={keys}
      aria-label={`${line.title} by ${grain}, ${range(report.start, report.end)}. Left and right arrows read each ${grain}.`}>
      <svg width={wide} height={TALL} aria-hidden="true">
        {marks.map((v) => <g key={v}><line x1={ROOM.left} x2={wide - ROOM.right} y1={y(v)} y2={y(v)} className="grid" /><text x={ROOM.left - 8} y={y(v) + 4} textAnchor="end">{axis(v, line.unit, currency)}</text></g>)}
        {buckets.map((b, i) => i % every === 0 && x(i) < wide - 20 && <text key={b.start} x={x(i)} y={TALL - 6} textAnchor={i === 0 ? 'start' : 'middle'}>{label(i)}</text>)}
        {before.length > 0 && <path d={path(before, earlier)} className="before" />}
        <path d={path(now, buckets)} className="now" />
        {buckets.map((b, i) => !b.whole && now[i] !== null && <circle key={b.start} cx={x(i)} cy={y(now[i])} r="3.5" className="open" />)}
        {at !== null && <line x1={x(at)} x2={x(at)} y1={ROOM.top} y2={TALL - ROOM.bottom} className="cross" />}
        {at !== null && before[at] !== null && before[at] !== undefined && <circle cx={x(at)} cy={y(before[at])} r="4" className="was" />}
        {at !== null && now[at] !== null && now[at] !== undefined && <circle cx={x(at)} cy={y(now[at])} r="4.5" className="is" />}
      </svg>
      {told && <div className="aima-tip" role="status" style={x(at) > wide / 2 ? { right: wide - x(at) + 12 } : { left: x(at) + 12 }}>{told.map((text, i) => <div key={i} className={i === 0 ? '' : 'was'}>{text}</div>)}</div>}
    </div>
  );
}

function CourseTable({ report, line }) {
  const { currency, grain, buckets, buckets_before: earlier } = report;
  return (
    <details className="aima-shown aima-inset"><summary>The same as a table</summary>
      <div className="aima-scroll"><table className="aima-table">
        <thead><tr><th className="aima-plain">{{ day: 'Day', week: 'Week', month: 'Month' }[grain]}</th><th className="aima-plain num">{line.title}</th>
          {earlier.length > 0 && <><th className="aima-plain">Compared with</th><th className="aima-plain num">{line.title}</th></>}</tr></thead>
        <tbody>{buckets.map((b, i) => (
          <tr key={b.start}><td>{bucketName(b, grain)}{!b.whole && ' (not complete)'}</td><td className="num">{figure(line.over_time[i], line.unit, currency)}</td>
            {earlier.length > 0 && <><td>{earlier[i] ? bucketName(earlier[i], grain) : ''}</td><td className="num">{earlier[i] ? figure(line.over_time_before[i], line.unit, currency) : ''}</td></>}</tr>
        ))}</tbody>
      </table></div>
    </details>
  );
}

function Panel({ title, ask, foot, children }) {
  return (
    <section className="aima-panel">
      <div className="aima-panel-head"><h4>{title}</h4>{ask && <button className="aima-link" aria-label={`More on ${title.toLowerCase()}`} onClick={() => sendUserMessage(ask)}>More <ArrowRight size={12} /></button>}</div>
      {children}
      {foot && <p className="aima-small">{foot}</p>}
    </section>
  );
}

function Bars({ one, currency }) {
  const high = Math.max(...one.parts.filter((part) => !part.rest).map((part) => part.value), 1e-9);
  return (
    <Panel title={one.title} ask={one.ask} foot={`Shares of ${figure(one.total, 'money', currency)} ${one.whole}.`}>
      <ul className="aima-bars" data-dimension={one.dimension} data-total={one.total}>{one.parts.map((part) => {
        const line = { now: part.value, before: part.before, change: part.change, unit: 'money', good: 'up' };
        return (
          <li key={part.name}>
            <span className="name" title={part.name}>{part.name}</span><b>{figure(part.value, 'money', currency)}</b>
            <span className="share" data-share={part.share}>{figure(part.share, 'share')}</span>
            {part.before !== null ? <Move line={line} currency={currency} /> : <small />}
            <span className={'track' + (part.rest ? ' rest' : '')}><span style={{ width: Math.min(100, Math.max(0, (100 * part.value) / high)) + '%' }} /></span>
          </li>
        );
      })}</ul>
    </Panel>
  );
}

function Funnel({ funnel }) {
  const before = funnel.conversion_before;
  return (
    <Panel title="From visit to order" foot="Customers who visited in these days and are known, and what else they did in them, in whatever order: a cart can be filled without a product page. Orders of any channel.">
      <p className="aima-lead"><b>{figure(funnel.conversion, 'share')}</b> of known visitors ordered{before !== null && `, ${figure(before, 'share')} before`}.</p>
      <ul className="aima-bars">{funnel.steps.map((step) => (
        <li key={step.title}>
          <span className="name">{step.title}</span><b>{number(step.customers)}</b><span className="share">{figure(step.share, 'share')}</span>
          <small className="aima-move flat">{step.before !== null ? `${number(step.before)} before` : ''}</small>
          <span className="track"><span style={{ width: 100 * step.share + '%' }} /></span>
        </li>
      ))}</ul>
    </Panel>
  );
}

function Rows({ title, ask, foot, columns, rows }) {
  return (
    <Panel title={title} ask={ask} foot={foot}>
      <div className="aima-scroll"><table className="aima-table aima-slim">
        <thead><tr>{columns.map((name, i) => <th key={name} className={'aima-plain' + (i ? ' num' : '')}>{name}</th>)}</tr></thead>
        <tbody>{rows.map((row) => <tr key={row[0]}>{row.map((cell, i) => <td key={i} className={i ? 'num' : ''} title={i ? undefined : cell}>{cell}</td>)}</tr>)}</tbody>
      </table></div>
    </Panel>
  );
}

function Picker({ asked, report, busy, onAsk }) {
  const [days, setDays] = useState({ start: report.start, end: report.end });
  const [choosing, setChoosing] = useState(false);
  const ready = days.start && days.end && days.start <= days.end;
  return (
    <div className="aima-picker">
      <label>Period <select className="aima-input" disabled={busy} value={choosing ? 'custom' : asked.period} onChange={(e) => {
        setChoosing(e.target.value === 'custom');
        if (e.target.value === 'custom') setDays({ start: report.start, end: report.end });
        else onAsk({ period: e.target.value, against: asked.against });
      }}>{report.periods.map((one) => <option key={one.name} value={one.name}>{one.name === 'custom' ? 'Choose days …' : one.title}</option>)}</select></label>
      <label>against <select className="aima-input" disabled={busy} value={asked.against} onChange={(e) => onAsk({ ...asked, against: e.target.value })}>
        {report.comparisons.map((one) => <option key={one.name} value={one.name}>{one.title}</option>)}</select></label>
      {choosing && (
        <form className="aima-days" onSubmit={(e) => { e.preventDefault(); if (ready) { onAsk({ period: 'custom', against: asked.against, ...days }); setChoosing(false); } }}>
          <label>from <input className="aima-input" type="date" max={report.data_end} value={days.start} onChange={(e) => setDays({ ...days, start: e.target.value })} /></label>
          <label>to <input className="aima-input" type="date" max={report.data_end} value={days.end} onChange={(e) => setDays({ ...days, end: e.target.value })} /></label>
          <button className="aima-go" disabled={!ready || busy}>Show</button>
        </form>
      )}
    </div>
  );
}

function Report({ report, metric, onMetric }) {
  const { currency, headlines } = report;
  const line = headlines.find((one) => one.metric === metric) || headlines[0];
  const mails = report.email_campaigns.map((one) => [one.name, number(one.emails_sent), figure(one.open_rate, 'share'), figure(one.click_rate, 'share')]);
  // As many figures in each row as makes the rows alike; the last one fills its row.
  const [wide, middle] = [headlines.length > 6 ? 2 : 1, headlines.length > 4 ? 3 : 1].map((rows) => Math.ceil(headlines.length / rows));
  const credited = report.advertising.some((one) => one.revenue !== null);
  const ads = report.advertising.map((one) => [one.name, figure(one.spend, 'money', currency), ...(credited ? [figure(one.revenue, 'money', currency), figure(one.roas, 'ratio')] : [])]);
  return (
    <>
      <div className="aima-kpis" style={{ '--wide': wide, '--middle': middle }}>{headlines.map((one) => (
        <button key={one.metric} className="aima-kpi" aria-pressed={one === line} title={one.hint || undefined} data-metric={one.metric} data-now={one.now} onClick={() => onMetric(one.metric)}>
          <span>{one.title}</span><b>{figure(one.now, one.unit, currency)}</b>
          {report.compare_start && <Move line={one} currency={currency} />}<Spark line={one} />
        </button>
      ))}</div>
      <section className="aima-inset">
        <div className="aima-legend"><h4>{line.title} by {report.grain}</h4>
          <span><i className="now" /> {range(report.start, report.end)}</span>
          {line.over_time_before.length > 0 && <span><i className="before" /> {range(report.compare_start, report.compare_end)}</span>}
        </div>
        {line.hint && <p className="aima-small">{line.hint}</p>}
        <Course report={report} line={line} />
      </section>
      <CourseTable report={report} line={line} />
      {report.notes.map((text) => <p key={text} className="aima-small aima-inset">{text}</p>)}
      <div className="aima-panels">
        {report.breakdowns.map((one) => <Bars key={one.dimension} one={one} currency={currency} />)}
        {report.funnel && <Funnel funnel={report.funnel} />}
        {mails.length > 0 && <Rows title="Email campaigns" ask="Which campaigns work?" foot="Emails sent in these days; rates of fewer than 50 are left out." columns={['Campaign', 'Sent', 'Opened', 'Clicked']} rows={mails} />}
        {ads.length > 0 && <Rows title="Advertising" foot={credited ? 'Revenue as the ad platforms credit themselves.' : ''} columns={['Channel', 'Spend', ...(credited ? ['Revenue', 'Return'] : [])]} rows={ads} />}
      </div>
    </>
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
        <span className="aima-title">{left.length ? `${left.length} ${left.length === 1 ? 'thing needs' : 'things need'} your attention` : 'Nothing needs your attention'}</span>
        {props.can_mark && left.length > 1 && <button className="aima-quiet" onClick={() => mark(left.map((a) => a.id))}><Check size={13} /> All seen</button>}
      </div>
      {error && <p className="aima-error" role="alert">{error}</p>}
      <ul>{left.map((alert) => (
        <li key={alert.id}>
          <AlertTriangle size={15} className={'aima-severity ' + alert.severity} />
          <span>{alert.title}<small> {day(alert.created_at)}</small></span>
          <span className="aima-pages">
            {alert.look && <button className="aima-quiet" onClick={() => sendUserMessage(alert.look)}>Look</button>}
            {props.can_mark && <button className="aima-quiet" onClick={() => mark([alert.id])}><Check size={13} /> Seen</button>}
          </span>
        </li>
      ))}</ul>
    </section>
  );
}

export default function Dashboard() {
  const { alerts, approvals, suggestions, freshness, working, missing } = props;
  const [found, setFound] = useState(null);
  const [asked, setAsked] = useState({ period: 'last_28_days', against: 'period_before' });
  const [metric, setMetric] = useState('revenue');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const report = found || props.report;

  async function ask(next) {
    setBusy(true);
    setAsked(next);
    const answer = await callAction({ name: 'read_dashboard', payload: next });
    const said = (answer && answer.response) || { error: 'That did not work; reload the page and try again.' };
    setBusy(false);
    setError(said.error || null);
    if (said.report) setFound(said.report);
  }

  if (working) return <div className="aima-box aima-working" role="status"><span className="aima-spin" aria-hidden="true" />{working}</div>;
  return (
    <div className="aima-box aima-dashboard" aria-busy={busy}>
      {missing && <p className="aima-inset aima-empty">{missing}</p>}
      {report && (
        <div className="aima-bar aima-period">
          <div className="aima-title"><h3>{report.title}</h3>
            <p className="aima-small" role="status">{busy ? 'Adding up the other days …' : <>{range(report.start, report.end)}{report.compare_start && `, against ${range(report.compare_start, report.compare_end)}`}</>}</p></div>
          <Picker asked={asked} report={report} busy={busy} onAsk={ask} />
        </div>
      )}
      {error && <p className="aima-error aima-inset" role="alert">{error}</p>}
      {report && !error && <Report report={report} metric={metric} onMetric={setMetric} />}
      {alerts && (alerts.length > 0 || report) && <Alerts alerts={alerts} />}
      {approvals && approvals.length > 0 && (
        <section className="aima-alerts">
          <div className="aima-bar"><span className="aima-title">{approvals.length} {approvals.length === 1 ? 'proposal waits' : 'proposals wait'} for a decision</span>
            <button className="aima-quiet" onClick={() => sendUserMessage('/approvals')}><ClipboardCheck size={13} /> Decide</button></div>
          <ul>{approvals.map((one) => (
            <li key={one.id}><span><b>{one.title}</b><small> {number(one.to_send)} {one.to_send === 1 ? 'message' : 'messages'} · made {day(one.created_at)} by {one.created_by}</small></span></li>
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

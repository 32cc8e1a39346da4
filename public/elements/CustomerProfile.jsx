import { Fragment, useState } from 'react';
import { Download, Eraser, Mail, UsersRound } from 'lucide-react';

const { axis, day, figure, month, number } = window.aima;
const SHOWN = 12; // entries of the history before the rest is unfolded
const MONTHS = 24;
const LEARN = 'Train the vectors';
const SCORES = [['health', 'Health'], ['brand_loyalty', 'Loyalty'], ['price_sensitivity', 'Price sensitivity']];

function Section({ title, wide, children }) {
  return <section className={'aima-section' + (wide ? ' wide' : '')}><h4>{title}</h4>{children}</section>;
}

function Parts({ label, parts }) {
  const won = parts.reduce((sum, part) => sum + part.points, 0);
  return (
    <Section title={`${label} ${number(won, 0, 1)} of 100`}>
      {parts.map((part) => (
        <div key={part.part} className="aima-part" title={part.why}>
          <div><span>{part.part.replace(/_/g, ' ')}</span><b>{number(part.points, 0, 1)} / {number(part.max_points, 0, 1)}</b></div>
          <div className="aima-track"><div style={{ width: (100 * part.points) / (part.max_points || 1) + '%' }} /></div>
          <p className="aima-small">{part.why}</p>
        </div>
      ))}
    </Section>
  );
}

// The curve of P(still a customer): from 1 today, down to what is left.
function Survival({ points }) {
  const last = points[points.length - 1].days;
  const x = (days) => 34 + (258 * days) / last;
  const y = (p) => 8 + 100 * (1 - p);
  const path = [{ days: 0, probability: 1 }, ...points].map((p) => `${x(p.days).toFixed(1)},${y(p.probability).toFixed(1)}`).join(' ');
  return (
    <svg viewBox="0 0 300 134" className="aima-curve" role="img" aria-label={`Probability of still being a customer: ${points.map((p) => `${p.days} days ${figure(p.probability, 'share')}`).join(', ')}`}>
      {[0, 0.5, 1].map((p) => <Fragment key={p}><line x1="34" x2="292" y1={y(p)} y2={y(p)} className="grid" /><text x="30" y={y(p) + 3.5} textAnchor="end">{100 * p}%</text></Fragment>)}
      {[0, 30, 60, 90].filter((d) => d <= last).map((d) => <text key={d} x={x(d)} y="122" textAnchor={d === last ? 'end' : 'middle'}>{d === 0 ? 'today' : `${d} days`}</text>)}
      <polyline points={path} />
      {points.map((p) => <circle key={p.days} cx={x(p.days)} cy={y(p.probability)} r="5" className="hit"><title>{`${p.days} days: ${figure(p.probability, 'share')}`}</title></circle>)}
    </svg>
  );
}

// Revenue a month as bars; emails opened and visits as rows of dots under them.
function Months({ months, currency }) {
  const from = months.slice(-MONTHS);
  const high = Math.max(...from.map((m) => m.revenue), 0) || 1;
  const sold = from.some((m) => m.orders);
  const wide = 600 / from.length;
  return (
    <svg viewBox="0 0 640 134" className="aima-curve aima-months" role="img" aria-label={`Revenue by month: ${from.map((m) => `${month(m.month)} ${figure(m.revenue, 'money', currency, true)}`).join(', ')}`}>
      {sold ? <text x="36" y="13" textAnchor="end">{axis(high, 'money', currency)}</text> : <text x="340" y="50" textAnchor="middle">No orders in these months</text>}
      <text x="36" y="106" textAnchor="end">visits</text><text x="36" y="118" textAnchor="end">opens</text>
      {from.map((m, i) => {
        const tall = Math.max(0, (80 * m.revenue) / high);
        const middle = 40 + wide * (i + 0.5);
        return (
          <g key={m.month}>
            <title>{`${month(m.month)}: ${m.orders} orders, ${figure(m.revenue, 'money', currency, true)}; ${m.visits} visits and views, ${m.opens} of ${m.emails} emails opened`}</title>
            <rect x={40 + wide * i} y="4" width={wide} height="118" className="hit" />
            <rect x={40 + wide * (i + 0.15)} y={90 - tall} width={wide * 0.7} height={Math.max(tall, m.orders ? 1 : 0)} className="bar" />
            {m.visits > 0 && <circle cx={middle} cy="103" r={Math.min(4.5, 1.5 + m.visits / 4)} className="dot" />}
            {m.opens > 0 && <circle cx={middle} cy="115" r={Math.min(4.5, 1.5 + m.opens / 2)} className="dot two" />}
            {i % Math.ceil(from.length / 6) === 0 && <text x={middle} y="131" textAnchor="middle">{`${month(m.month).slice(0, 3)} ${m.month.slice(0, 4)}`}</text>}
          </g>
        );
      })}
      <line x1="40" x2="640" y1="90" y2="90" className="grid" />
    </svg>
  );
}

function Entries({ entries, currency }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <ul className="aima-entries">{(all ? entries : entries.slice(0, SHOWN)).map((entry, i) => (
        <li key={i} className={entry.kind}>
          <time dateTime={entry.at.slice(0, 10)}>{day(entry.at, true)}</time>
          <span>{entry.kind === 'sale' ? 'order' : entry.kind.replace(/_/g, ' ')}{entry.times > 1 && ` × ${entry.times}`} {entry.reference && <small>{entry.reference}</small>}</span>
          <b>{entry.revenue !== null && figure(entry.revenue, 'money', currency, true)}</b>
        </li>
      ))}</ul>
      {entries.length > SHOWN && <button className="aima-link" onClick={() => setAll(!all)}>{all ? 'Fewer' : `All ${entries.length} latest`}</button>}
    </>
  );
}

function Features({ features, currency }) {
  const groups = [...new Set(features.map((f) => f.group))];
  return groups.map((group) => (
    <details key={group} className="aima-shown">
      <summary>{group} <small>{features.filter((f) => f.group === group).length}</small></summary>
      <div className="aima-scroll"><table className="aima-table aima-wrapping"><tbody>
        {features.filter((f) => f.group === group).map((f) => (
          <tr key={f.name} title={f.name}><td>{f.title}</td><td className="num">{figure(f.value, f.unit, currency, true)}{['text', 'share', 'money', 'boolean', 'time'].includes(f.unit) ? '' : ` ${f.unit}`}</td><td>{f.meaning}</td></tr>
        ))}
      </tbody></table></div>
    </details>
  ));
}

// What looks back and what looks ahead can differ: said where they seem to.
function Risk({ profile }) {
  const { scores, churn_drivers: drivers, leaves_after_days: limit } = profile;
  const [raise, lower] = ['raises', 'lowers'].map((way) => drivers.filter((text) => text.endsWith(`(${way} the risk)`)).map((text) => text.replace(/ \((raises|lowers) the risk\)$/, '')));
  const recency = profile.features.find((f) => f.name === 'recency_days');
  const list = (title, texts) => texts.length > 0 && <><h5>{title}</h5><ul>{texts.map((text) => <li key={text}>{text}</li>)}</ul></>;
  return (
    <Section title={scores.churn_status === 'left' ? 'Why they count as having left' : 'The risk to leave'}>
      {limit !== null && limit !== undefined && <p className="aima-small">For this customer leaving means more than {Math.round(limit)} days without an order, judged by how often they buy.{recency && ` The last order is ${Math.round(recency.value)} days ago.`}</p>}
      {list('Raises the risk', raise)}{list('Lowers the risk', lower)}
      {scores.churn_90 !== null && scores.churn_90 !== undefined && <p className="aima-small">Health tells how they have bought up to now. The risk looks at the next 90 days: somebody in good health who orders often can reach that many quiet days soon.</p>}
    </Section>
  );
}

function NextSteps({ profile, advice, currency }) {
  const writable = profile.reachable_by.length > 0;
  const { consent_email: agreed } = profile.attributes;
  const why = agreed === false ? 'They declined email' : agreed === true ? 'They agreed to email, but no address is known' : 'It is not known whether they agreed to email';
  return (
    <Section title="What to do next">
      {!writable && <p className="aima-warn">{why}, and no other channel reaches them: no message can be drafted. What would suit them if they agree:</p>}
      {writable && !profile.reachable_by.includes('email') && <p className="aima-small">{why}. They can be reached by {profile.reachable_by.map((way) => (way === 'sms' ? 'SMS' : way)).join(' and ')}.</p>}
      {advice.choices.slice(0, writable ? 4 : 2).map((choice) => (
        <div key={choice.intervention} className="aima-part">
          <div><span><b>{choice.title}</b></span><span className="aima-tag" title={choice.basis === 'experiment' ? 'Learnt from a randomised campaign' : 'The playbook says so; nothing is measured yet'}>{choice.basis === 'experiment' ? 'measured' : 'by rule'}</span></div>
          <p className="aima-small">{choice.offer}{choice.gain !== null && `; expected gain ${figure(choice.gain, 'money', currency, true)}`}</p>
          {props.can_propose && profile.reachable_by.includes('email') && <button className="aima-quiet" onClick={() => sendUserMessage(`Write a ${choice.title.toLowerCase()} email to customer ${profile.customer_id}`)}><Mail size={13} /> Draft it</button>}
        </div>
      ))}
    </Section>
  );
}

function call(name, payload) {
  return Promise.resolve(callAction({ name, payload })).then((answer) => answer && answer.response).catch(() => null)
    .then((answer) => answer || { error: 'AIMA did not answer. Try again.' });
}

function Lines({ title, lines }) {
  return <><h5>{title}</h5><ul>{lines.map((line) => <li key={line}>{line}</li>)}</ul></>;
}

// What a customer may ask of a shop. Erasing shows first what goes, then asks for the number to be typed.
function Rights({ customer, onErased }) {
  const [busy, setBusy] = useState('');
  const [said, setSaid] = useState('');
  const [wrong, setWrong] = useState('');
  const [shown, setShown] = useState(null);
  const [typed, setTyped] = useState('');

  async function act(name, payload, done) {
    setBusy(name); setWrong(''); setSaid('');
    const answer = await call(name, { customer, ...payload });
    setBusy('');
    if (answer.error) return setWrong(answer.error);
    done(answer);
  }
  function saved({ file, data, rows }) {
    window.aima.save(file.replace(/\.zip$/, ''), 'zip', new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], { type: 'application/zip' }));
    setSaid(`Saved: ${rows} rows.`);
  }
  return (
    <div className="aima-inset aima-rights">
      <div className="aima-buttons">
        <button className="aima-quiet" disabled={!!busy} onClick={() => act('export_customer', {}, saved)}><Download size={13} /> {busy === 'export_customer' ? 'Gathering…' : 'Export all data'}</button>
        {!shown && <button className="aima-quiet" disabled={!!busy} onClick={() => act('preview_erasure', {}, setShown)}><Eraser size={13} /> {busy === 'preview_erasure' ? 'Counting what would go…' : 'Erase this person…'}</button>}
        <span role="status" className="aima-small">{said}</span>
      </div>
      {shown && (
        <form className="aima-form" aria-label="Erase this person" onSubmit={(e) => { e.preventDefault(); act('erase_person', { typed }, onErased); }}>
          <Lines title="This goes, for good" lines={shown.places} />
          <Lines title="This stays" lines={shown.kept} />
          <Lines title="Out of reach from here" lines={shown.elsewhere} />
          <label className="aima-field">Type {shown.typed} to erase this person<input name={shown.typed} value={typed} autoComplete="off" onChange={(e) => setTyped(e.target.value)} /></label>
          <div className="aima-buttons">
            <button className="aima-stop" disabled={!!busy || typed.trim() !== shown.typed}>{busy === 'erase_person' ? 'Erasing…' : 'Erase'}</button>
            <button type="button" className="aima-quiet" disabled={!!busy} onClick={() => { setShown(null); setTyped(''); }}>Keep</button>
          </div>
        </form>
      )}
      {wrong && <p className="aima-error" role="alert">{wrong}</p>}
    </div>
  );
}

// All that is left of the page: the conversation it stood in named the person, and is gone.
function Erased({ number, certificate }) {
  return (
    <div className="aima-box aima-profile" role="status">
      <div className="aima-bar"><span className="aima-title">Erased</span></div>
      <pre className="aima-inset aima-text">{certificate}</pre>
      <div className="aima-buttons aima-inset">
        <button className="aima-go" onClick={() => window.aima.save(`certificate ${number}`, 'md', new Blob([certificate], { type: 'text/markdown' }))}><Download size={13} /> Save the certificate</button>
        <a className="aima-quiet" href="/">Leave this conversation: it named the person, and is erased as well</a>
      </div>
    </div>
  );
}

export default function CustomerProfile() {
  const [erased, setErased] = useState(null);
  return erased ? <Erased {...erased} /> : <Profile onErased={setErased} />;
}

function Profile({ onErased }) {
  const { profile, missing, customer_history: history, customer_interventions: advice, next_best_product: next, similar_customers: similar } = props;
  const { attributes, scores, currency, customer_id: id } = profile;
  const place = [attributes.city, attributes.country].filter(Boolean).join(', ');
  const consent = { true: 'agreed to email', false: 'declined email', null: 'consent to email not known' }[String(attributes.consent_email)];
  const items = (list, name) => list && list.length > 0 && <><h5>{name}</h5><ol>{list.slice(0, 5).map((item) => <li key={item.item}>{item.name}</li>)}</ol></>;

  return (
    <div className="aima-box aima-profile" data-customer={id}>
      <div className="aima-bar">
        <span className="aima-title">{attributes.name || id}</span>
        {profile.segments.map((name) => <span key={name} className="aima-tag">{name}</span>)}
        {scores.churn_risk && <span className={'aima-tag risk-' + scores.churn_risk}>{scores.churn_risk === 'left' ? 'has left' : `${scores.churn_risk} risk to leave within 90 days`}</span>}
      </div>
      <p className="aima-small aima-inset">{[id, attributes.email, attributes.phone, place, consent].filter(Boolean).join(' · ')}</p>
      <div className="aima-facts aima-inset">
        {scores.clv_12m !== null && scores.clv_12m !== undefined && (
          <div className="aima-fact"><span>Value of the next 12 months</span><b>{figure(scores.clv_12m, 'money', currency, true)}</b>
            {scores.clv_12m_low !== null && <small>{figure(scores.clv_12m_low, 'money', currency, true)} to {figure(scores.clv_12m_high, 'money', currency, true)} for nine in ten like them</small>}</div>
        )}
        {scores.next_purchase_at && (
          <div className="aima-fact"><span>Next purchase</span><b>{figure(scores.next_purchase_at)}</b>
            {scores.next_purchase_low && <small>{figure(scores.next_purchase_low)} to {figure(scores.next_purchase_high)}</small>}</div>
        )}
        {scores.churn_90 !== null && scores.churn_90 !== undefined && (
          <div className="aima-fact"><span>Leaves within 90 days</span><b>{figure(scores.churn_90, 'share')}</b>
            <small>{figure(scores.churn_30, 'share')} within 30, {figure(scores.churn_60, 'share')} within 60</small></div>
        )}
      </div>
      <div className="aima-columns">
        {history && history.months.length > 0 && (
          <Section title="Month by month" wide><Months months={history.months} currency={currency} /></Section>
        )}
        {profile.survival.length > 0 && <Section title="Probability of still being a customer"><Survival points={profile.survival} /></Section>}
        {(profile.churn_drivers.length > 0 || scores.churn_status) && <Risk profile={profile} />}
        {SCORES.map(([name, label]) => (profile[name] || []).length > 0 && <Parts key={name} label={label} parts={profile[name]} />)}
        {advice && advice.choices.length > 0 && <NextSteps profile={profile} advice={advice} currency={currency} />}
        {next && (next.products.length > 0 || next.categories.length > 0) && (
          <Section title="Likely to buy next">{items(next.products, 'Products')}{items(next.categories, 'Categories')}</Section>
        )}
        {similar && similar.rows.length > 0 && (
          <Section title="Customers like this one">
            {similar.rows.map((row) => (
              <div key={row.customer} className="aima-part">
                <div>
                  <button className="aima-link" onClick={() => sendUserMessage('/customer ' + row.customer)}>{row.name || row.customer}</button>
                  <span>{figure(row.similarity, 'share')} alike</span>
                </div>
                <p className="aima-small">{row.shares.join('; ')}</p>
              </div>
            ))}
            <button className="aima-quiet" onClick={() => sendUserMessage(`Find customers like customer ${id}`)}><UsersRound size={13} /> More like this</button>
          </Section>
        )}
        {history && history.entries.length > 0 && <Section title="Latest orders and events"><Entries entries={history.entries} currency={currency} /></Section>}
        {profile.features.length > 0 && (
          <Section title={`All ${profile.features.length} features`} wide><Features features={profile.features} currency={currency} /></Section>
        )}
      </div>
      {!similar && (
        <p className="aima-small aima-inset">Customers like this one are not known yet. {props.can_learn && <button className="aima-link" onClick={() => sendUserMessage(LEARN)}>Learn who is alike</button>}</p>
      )}
      {missing.map((text) => <p key={text} className="aima-small aima-inset">{text}</p>)}
      {props.can_erase && <Rights customer={id} onErased={onErased} />}
    </div>
  );
}

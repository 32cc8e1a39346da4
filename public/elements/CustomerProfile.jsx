const SYMBOLS = { GBP: '£', EUR: '€', USD: '$' };

function shown(value, unit, currency) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (unit === 'share') return (value * 100).toLocaleString('en-GB', { maximumFractionDigits: 1 }) + ' %';
    if (unit === 'money') {
      const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
      return (value < 0 ? '−' : '') + (SYMBOLS[currency] || currency + ' ') + Math.abs(value).toLocaleString('en-GB', digits);
    }
    return value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
  }
  return /^\d{4}-\d{2}-\d{2}T/.test(value) ? value.slice(0, 10) : String(value);
}

const SCORES = [
  ['rfm_segment', 'RFM segment', ''], ['churn_risk', 'Churn risk', ''], ['churn_30', 'Leaves within 30 days', 'share'],
  ['churn_60', 'Leaves within 60 days', 'share'], ['churn_90', 'Leaves within 90 days', 'share'],
  ['clv_12m', 'Value of the next 12 months', 'money'], ['next_purchase_at', 'Next purchase', ''],
];

function Section({ title, children }) {
  return <section className="aima-section"><h4>{title}</h4>{children}</section>;
}

export default function CustomerProfile() {
  const { profile, missing, customer_interventions: advice, next_best_product: next, similar_customers: similar } = props;
  const { attributes, scores, health, currency } = profile;
  const won = health.reduce((sum, part) => sum + part.points, 0);
  const place = [attributes.city, attributes.country].filter(Boolean).join(', ');

  return (
    <div className="aima-box aima-profile" data-customer={profile.customer_id}>
      <div className="aima-bar">
        <span className="aima-title">{attributes.name || profile.customer_id}</span>
        {profile.segments.map((name) => <span key={name} className="aima-tag">{name}</span>)}
      </div>
      <p className="aima-small aima-inset">
        {[profile.customer_id, attributes.email, place].filter(Boolean).join(' · ')}
        {' · e-mail consent: '}{shown(attributes.consent_email)}
      </p>
      <div className="aima-facts aima-inset">
        {SCORES.filter(([name]) => scores[name] !== null && scores[name] !== undefined).map(([name, label, unit]) => (
          <div key={name} className="aima-fact"><span>{label}</span><b>{shown(scores[name], unit, currency)}</b></div>
        ))}
      </div>
      <div className="aima-columns">
        {health.length > 0 && (
          <Section title={`Health ${shown(won)} of 100`}>
            {health.map((part) => (
              <div key={part.part} className="aima-part" title={part.why}>
                <div><span>{part.part.replace(/_/g, ' ')}</span><b>{shown(part.points)} / {shown(part.max_points)}</b></div>
                <div className="aima-track"><div style={{ width: (100 * part.points) / (part.max_points || 1) + '%' }} /></div>
                <p className="aima-small">{part.why}</p>
              </div>
            ))}
          </Section>
        )}
        {profile.churn_drivers.length > 0 && (
          <Section title="What drives the churn score"><ul>{profile.churn_drivers.map((text) => <li key={text}>{text}</li>)}</ul></Section>
        )}
        {advice && advice.choices.length > 0 && (
          <Section title="Suggested intervention">
            {advice.choices.slice(0, 3).map((choice) => (
              <div key={choice.intervention} className="aima-part">
                <div><span>{choice.rank}. {choice.title}</span><span className="aima-tag">{choice.basis === 'experiment' ? 'measured' : 'by rule'}</span></div>
                <p className="aima-small">
                  {choice.offer}{choice.gain !== null && `; expected gain ${shown(choice.gain, 'money', currency)}`}
                </p>
              </div>
            ))}
          </Section>
        )}
        {next && (next.products.length > 0 || next.categories.length > 0) && (
          <Section title="Next best product">
            <ol>{(next.products.length ? next.products : next.categories).slice(0, 5).map((item) => <li key={item.item}>{item.name}</li>)}</ol>
          </Section>
        )}
        {similar && similar.rows.length > 0 && (
          <Section title="Similar customers">
            {similar.rows.map((row) => (
              <div key={row.customer} className="aima-part">
                <div>
                  <button className="aima-link" onClick={() => sendUserMessage('/customer ' + row.customer)}>{row.name || row.customer}</button>
                  <span>{row.similarity.toLocaleString('en-GB', { maximumFractionDigits: 2 })}</span>
                </div>
                <p className="aima-small">{row.shares.join('; ')}</p>
              </div>
            ))}
          </Section>
        )}
        {profile.recent_orders.length > 0 && (
          <Section title="Recent orders">
            <table className="aima-table"><tbody>
              {profile.recent_orders.map((order) => (
                <tr key={order.order_id + order.ordered_at}>
                  <td>{order.ordered_at.slice(0, 10)}</td><td>{order.order_id}</td>
                  <td>{order.kind}</td><td className="num">{shown(order.revenue, 'money', currency)}</td>
                </tr>
              ))}
            </tbody></table>
          </Section>
        )}
      </div>
      {missing.map((text) => <p key={text} className="aima-small aima-inset">{text}</p>)}
      <details className="aima-shown aima-inset">
        <summary>All {profile.features.length} features with unit and meaning</summary>
        <div className="aima-scroll">
          <table className="aima-table aima-wrapping"><tbody>
            {profile.features.map((f) => (
              <tr key={f.name}><td><code>{f.name}</code></td><td className="num">{shown(f.value, f.unit, currency)}</td><td>{f.unit}</td><td>{f.meaning}</td></tr>
            ))}
          </tbody></table>
        </div>
      </details>
    </div>
  );
}

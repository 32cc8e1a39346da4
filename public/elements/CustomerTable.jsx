import { useEffect, useRef, useState } from 'react';
import { ArrowDown, ArrowUp, Filter } from 'lucide-react';

const WAIT_MS = 300;
const { figure, number } = window.aima;
const RISKS = { high: 'High', medium: 'Medium', low: 'Low', left: 'Has left' };

export default function CustomerTable() {
  const [asked, setAsked] = useState(props.asked);
  const [words, setWords] = useState(props.asked.words);
  const [page, setPage] = useState(props.page);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const latest = useRef(0);
  const first = useRef(true);
  const { columns, rows, total, currency, size, rule } = page;
  const pages = Math.max(1, Math.ceil(total / size));
  const at = Math.floor(asked.offset / size);
  const code = columns.findIndex((column) => column.name === 'customer_id');

  useEffect(() => {
    if (words === asked.words) return undefined;
    const timer = setTimeout(() => setAsked({ ...asked, words, offset: 0 }), WAIT_MS);
    return () => clearTimeout(timer);
  }, [words]);

  useEffect(() => {
    if (first.current) { first.current = false; return; }
    const turn = ++latest.current;
    setBusy(true);
    callAction({ name: 'list_customers', payload: asked }).then((answer) => {
      if (turn !== latest.current) return;
      const found = (answer && answer.response) || { error: 'That did not work; reload the page and try again.' };
      setBusy(false);
      setError(found.error || null);
      if (!found.error) setPage(found);
    });
  }, [JSON.stringify(asked)]);

  const sort = (name) => setAsked({ ...asked, sort_by: name, descending: asked.sort_by === name ? !asked.descending : true, offset: 0 });
  return (
    <div className="aima-box aima-customers" data-total={total} aria-busy={busy}>
      <div className="aima-bar">
        <input className="aima-input aima-search" type="search" placeholder="Search by name, email, id or place" aria-label="Search customers"
          value={words} onChange={(e) => setWords(e.target.value)} />
        {['segment', 'risk'].map((name) => props.choices[name].length > 0 && (
          <select key={name} className="aima-input" aria-label={name} value={asked[name]} onChange={(e) => setAsked({ ...asked, [name]: e.target.value, offset: 0 })}>
            <option value="">{{ segment: 'Any segment', risk: 'Any risk to leave' }[name]}</option>
            {props.choices[name].map((value) => <option key={value} value={value}>{name === 'risk' ? (value === 'left' ? 'Has left' : `${RISKS[value]} risk, 90 days`) : value}</option>)}
          </select>
        ))}
        {rule && <button className="aima-quiet" onClick={() => callAction({ name: 'edit_rule', payload: { rule } })}><Filter size={13} /> Edit as segment</button>}
      </div>
      {error && <p className="aima-error aima-inset" role="alert">{error}</p>}
      <div className="aima-scroll">
        <table className="aima-table">
          <thead><tr>{columns.map((column) => (
            <th key={column.name} className={(column.unit === 'text' ? '' : 'num') + (column === columns[0] ? ' first' : '')}
              aria-sort={asked.sort_by === column.name ? (asked.descending ? 'descending' : 'ascending') : 'none'}>
              <button onClick={() => sort(column.name)}>{window.aima.onTwoLines(column.title)}
                {asked.sort_by === column.name && (asked.descending ? <ArrowDown size={12} /> : <ArrowUp size={12} />)}</button>
            </th>
          ))}</tr></thead>
          <tbody>{rows.map((row) => (
            <tr key={row[code]} className="aima-row" tabIndex={0} onClick={() => sendUserMessage('/customer ' + row[code])}
              onKeyDown={(e) => { if (e.key === 'Enter') sendUserMessage('/customer ' + row[code]); }}>
              {row.map((cell, i) => (
                <td key={i} className={(columns[i].unit === 'text' ? '' : 'num') + (i === 0 ? ' first' : '')}>{i === 0 ? <span className="aima-link">{cell || row[code]}</span> : columns[i].name === 'churn_risk' ? (RISKS[cell] || cell || '–') : figure(cell, columns[i].unit, currency, true)}</td>
              ))}
            </tr>
          ))}</tbody>
        </table>
      </div>
      {rows.length === 0 && (
        <p className="aima-inset aima-empty">Nobody fits. <button className="aima-link" onClick={() => { setWords(''); setAsked({ ...asked, words: '', segment: '', risk: '', offset: 0 }); }}>Show everybody</button></p>
      )}
      <div className="aima-bar aima-foot">
        <span>{number(total)} {total === 1 ? 'customer' : 'customers'}{page.value !== null && `, ${figure(page.value, 'money', currency, true)} spent in all`}</span>
        <span className="aima-pages">
          <button className="aima-quiet" disabled={at === 0 || busy} onClick={() => setAsked({ ...asked, offset: asked.offset - size })}>Previous</button>
          {number(at + 1)} / {number(pages)}
          <button className="aima-quiet" disabled={at >= pages - 1 || busy} onClick={() => setAsked({ ...asked, offset: asked.offset + size })}>Next</button>
        </span>
      </div>
    </div>
  );
}

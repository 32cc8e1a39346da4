import { useMemo, useState } from 'react';
import { ArrowDown, ArrowUp, Download } from 'lucide-react';

const PAGE = 10;
const LONG = 36; // characters above which a column's text is folded, not cut
const SYMBOLS = { GBP: '£', EUR: '€', USD: '$' };

function isMoney(unit) {
  return /^[A-Z]{3}$/.test(unit || '');
}

function shown(value, unit, name) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (unit === 'share') return (value * 100).toLocaleString('en-GB', { maximumFractionDigits: 1 }) + '%';
    if (isMoney(unit)) {
      const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
      const amount = Math.abs(value).toLocaleString('en-GB', digits);
      return (value < 0 ? '−' : '') + (SYMBOLS[unit] || unit + ' ') + amount;
    }
    return value.toLocaleString('en-GB', { maximumFractionDigits: 3 });
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const instant = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(text);
  return instant ? instant[1] + (instant[2] === '00:00' ? '' : ' ' + instant[2]) : text;
}

function compare(a, b) {
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

function csvCell(value) {
  let text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  // A text that a spreadsheet would run as a formula is quoted as text.
  if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
  return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

function download(title, columns, rows) {
  const lines = [columns.map((c) => csvCell(c.name)), ...rows.map((row) => row.map(csvCell))];
  const body = '\ufeff' + lines.map((line) => line.join(',')).join('\r\n') + '\r\n';
  const url = URL.createObjectURL(new Blob([body], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = (title || 'table').replace(/[^\w]+/g, '-').toLowerCase() + '.csv';
  link.click();
  URL.revokeObjectURL(url);
}

export default function DataTable() {
  const { title, columns, rows, total_rows: total, buttons = [] } = props;
  const value = (row, button) => row[columns.findIndex((column) => column.name === button.column)];
  const usable = (row, button) => value(row, button) !== null && !String(value(row, button)).startsWith('(');
  const [sort, setSort] = useState(null);
  const [words, setWords] = useState('');
  const [page, setPage] = useState(0);

  const found = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    let chosen = rows;
    if (wanted) chosen = rows.filter((row) => row.some((cell) => String(cell === null ? '' : cell).toLowerCase().includes(wanted)));
    if (!sort) return chosen;
    return [...chosen].sort((a, b) => sort.sign * compare(a[sort.column], b[sort.column]));
  }, [rows, words, sort]);

  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const at = Math.min(page, pages - 1);
  const numeric = columns.map((_, i) => rows.some((row) => typeof row[i] === 'number'));

  const kinds = columns.map((_, i) => (numeric[i] ? 'num' : rows.some((row) => typeof row[i] === 'string' && row[i].length > LONG) ? 'words' : ''));

  function toggle(column) {
    const first = numeric[column] ? -1 : 1;
    if (!sort || sort.column !== column) setSort({ column, sign: first });
    else if (sort.sign === first) setSort({ column, sign: -first });
    else setSort(null);
  }

  return (
    <div className="aima-box">
      <div className="aima-bar">
        <span className="aima-title">{title}</span>
        {rows.length > PAGE && (
          <input className="aima-input" placeholder="Filter" value={words} aria-label="Filter rows"
            onChange={(e) => { setWords(e.target.value); setPage(0); }} />
        )}
        <button className="aima-quiet" onClick={() => download(title, columns, found)} title="Save these rows as CSV">
          <Download size={14} /> CSV
        </button>
      </div>
      <div className="aima-scroll">
        <table className="aima-table">
          <thead>
            <tr>
              {columns.map((column, i) => [
                <th key={column.name} className={kinds[i]}
                  aria-sort={sort && sort.column === i ? (sort.sign > 0 ? 'ascending' : 'descending') : 'none'}>
                  <button onClick={() => toggle(i)}>
                    {column.title}
                    {sort && sort.column === i && (sort.sign > 0 ? <ArrowUp size={12} /> : <ArrowDown size={12} />)}
                  </button>
                </th>,
                buttons.length > 0 && i === 0 && <th key="act" aria-label={buttons.map((button) => button.title).join(', ')} />,
              ])}
            </tr>
          </thead>
          <tbody>
            {found.slice(at * PAGE, (at + 1) * PAGE).map((row, r) => (
              <tr key={r}>
                {row.map((cell, i) => [
                  <td key={i} className={kinds[i]} title={String(cell === null ? '' : cell)}>
                    {kinds[i] === 'words' ? <div>{shown(cell)}</div> : shown(cell, columns[i].unit, columns[i].name)}
                  </td>,
                  buttons.length > 0 && i === 0 && (
                    <td key="act" className="act">{buttons.filter((button) => usable(row, button)).map((button) => (
                      <button key={button.title} className="aima-quiet" onClick={() => sendUserMessage(button.message.replace('{}', () => value(row, button)))}>{button.title}</button>
                    ))}</td>
                  ),
                ])}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="aima-bar aima-foot">
        <span>
          {words ? `${found.length} of ${rows.length} rows` : `${rows.length.toLocaleString('en-GB')} rows`}
          {total > rows.length && ` shown of ${total.toLocaleString('en-GB')}`}
        </span>
        {pages > 1 && (
          <span className="aima-pages">
            <button className="aima-quiet" disabled={at === 0} onClick={() => setPage(at - 1)}>Previous</button>
            {at + 1} / {pages}
            <button className="aima-quiet" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>Next</button>
          </span>
        )}
      </div>
    </div>
  );
}

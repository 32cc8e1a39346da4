import { useEffect, useMemo, useRef, useState } from 'react';
import { ArrowDown, ArrowUp, ChevronRight, Download } from 'lucide-react';

const { number, onTwoLines } = window.aima;
const PAGE = 10;
const LONG = 36; // characters above which a column's text is folded, not cut

function compare(a, b) {
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

function Rows() {
  // `rows` are the values as they are, to sort by and to send; `cells` the same as people read them; `file` to save.
  const { title, columns, rows, cells, file, total_rows: total, buttons = [] } = props;
  const value = (r, button) => rows[r][columns.findIndex((column) => column.name === button.column)];
  const usable = (r, button) => value(r, button) !== null && !String(value(r, button)).startsWith('(');
  const [sort, setSort] = useState(null);
  const [words, setWords] = useState('');
  const [page, setPage] = useState(0);
  const [more, setMore] = useState(false);
  const scrolled = useRef(null);

  const found = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    let chosen = rows.map((_, r) => r);
    if (wanted) chosen = chosen.filter((r) => cells[r].some((text) => text.toLowerCase().includes(wanted)));
    if (!sort) return chosen;
    return chosen.sort((a, b) => {
      const [one, two] = [rows[a][sort.column], rows[b][sort.column]];
      // What is not known comes last in either direction.
      return (one === null || two === null ? 1 : sort.sign) * compare(one, two);
    });
  }, [rows, words, sort]);

  // More columns than there is room for: the right edge says so until it is reached.
  function look() {
    const box = scrolled.current;
    if (box) setMore(box.scrollWidth - box.clientWidth - box.scrollLeft > 4);
  }
  useEffect(() => {
    const watch = new ResizeObserver(look);
    watch.observe(scrolled.current);
    return () => watch.disconnect();
  }, []);

  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const at = Math.min(page, pages - 1);
  const kinds = columns.map((_, i) => {
    if (rows.some((row) => typeof row[i] === 'number')) return 'num';
    return cells.some((row) => row[i].length > LONG) ? 'words' : '';
  });

  function toggle(column) {
    const first = kinds[column] === 'num' ? -1 : 1;
    if (!sort || sort.column !== column) setSort({ column, sign: first });
    else if (sort.sign === first) setSort({ column, sign: -first });
    else setSort(null);
  }

  return (
    <div className="aima-box">
      <div className="aima-bar">
        <span className="aima-title">{title}</span>
        {rows.length > PAGE && (
          <input className="aima-input" placeholder="Filter" value={words} aria-label={`Filter the rows of ${title}`}
            onChange={(e) => { setWords(e.target.value); setPage(0); }} />
        )}
        <button className="aima-quiet" title="Save these rows as CSV"
          onClick={() => window.aima.saveRows(title, file.head, found.map((r) => file.rows[r]))}>
          <Download size={14} /> CSV
        </button>
      </div>
      <div className={'aima-wide' + (more ? ' more' : '')}>
        <div className="aima-scroll" ref={scrolled} onScroll={look} tabIndex={more ? 0 : -1} role="group" aria-label={title}>
          <table className="aima-table aima-sticky">
            <thead>
              <tr>
                {columns.map((column, i) => [
                  <th key={column.name} className={kinds[i]} scope="col"
                    aria-sort={sort && sort.column === i ? (sort.sign > 0 ? 'ascending' : 'descending') : 'none'}>
                    <button onClick={() => toggle(i)}>
                      {onTwoLines(column.title)}
                      {sort && sort.column === i && (sort.sign > 0 ? <ArrowUp size={12} /> : <ArrowDown size={12} />)}
                    </button>
                  </th>,
                  buttons.length > 0 && i === 0 && <th key="act" aria-label={buttons.map((button) => button.title).join(', ')} />,
                ])}
              </tr>
            </thead>
            <tbody>
              {found.slice(at * PAGE, (at + 1) * PAGE).map((r) => (
                <tr key={r}>
                  {cells[r].map((text, i) => [
                    <td key={i} className={kinds[i]} title={text}>{kinds[i] === 'words' ? <div>{text}</div> : text}</td>,
                    buttons.length > 0 && i === 0 && (
                      <td key="act" className="act">{buttons.filter((button) => usable(r, button)).map((button) => (
                        <button key={button.title} className="aima-quiet" onClick={() => sendUserMessage(button.message.replace('{}', () => value(r, button)))}>{button.title}</button>
                      ))}</td>
                    ),
                  ])}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      {(rows.length > PAGE || total > rows.length || words) && (
        <div className="aima-bar aima-foot">
          <span>
            {words ? `${found.length} of ${rows.length} rows` : `${number(rows.length)} rows`}
            {total > rows.length && ` shown of ${number(total)}`}
          </span>
          {pages > 1 && (
            <span className="aima-pages">
              <button className="aima-quiet" disabled={at === 0} onClick={() => setPage(at - 1)}>Previous</button>
              {at + 1} / {pages}
              <button className="aima-quiet" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>Next</button>
            </span>
          )}
        </div>
      )}
    </div>
  );
}

// A table that is not what the page is about: its title alone, until somebody opens it.
export default function DataTable() {
  const [open, setOpen] = useState(!props.folded);
  if (open) return <Rows />;
  return (
    <button className="aima-box aima-bar aima-fold" aria-expanded={false} onClick={() => setOpen(true)}>
      <ChevronRight size={15} /><span className="aima-title">{props.title}</span>
      {props.about && <small className="about">{props.about}</small>}
      <small>{number(props.rows.length)} {props.rows.length === 1 ? 'row' : 'rows'}</small>
    </button>
  );
}

import { Database, Filter } from 'lucide-react';

function said(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export default function AnswerNotes() {
  const { evidence, is_demo: isDemo, confidence, withheld, suggestions } = props;
  const rows = evidence.reduce((sum, line) => sum + line.rows, 0);
  const ruled = evidence.find((line) => line.arguments && line.arguments.rule);
  const until = evidence.map((line) => line.data_until).filter(Boolean).sort()[0];

  return (
    <div className="aima-notes">
      {withheld.length > 0 && (
        <p className="aima-warn">Withheld, because no result of this turn contains it: {withheld.join(', ')}</p>
      )}
      {evidence.length > 0 && (
        <details>
          <summary>
            <Database size={13} />
            <span>
              {evidence.map((line) => line.tool).filter((t, i, all) => all.indexOf(t) === i).join(', ')}
              {' · '}{rows.toLocaleString('en-GB')} rows{until && <> · data up to {until}</>}
            </span>
            {confidence && <span className={'aima-tag ' + confidence}>{confidence} confidence</span>}
            {isDemo && <span className="aima-tag demo">demo data</span>}
          </summary>
          {evidence.map((line, i) => (
            <div key={i} className="aima-evidence">
              <b>{line.tool}</b> {line.rows.toLocaleString('en-GB')} rows
              {line.sources && line.sources.length > 0 && <> from {line.sources.join(', ')}</>}
              {line.data_until && <>, data up to {line.data_until}</>}
              {Object.keys(line.arguments).length > 0 && (
                <ul>{Object.entries(line.arguments).map(([name, value]) => <li key={name}><code>{name}</code> {said(value)}</li>)}</ul>
              )}
              {(line.definitions || []).map((text, n) => <p key={n}>{text}</p>)}
            </div>
          ))}
        </details>
      )}
      {(suggestions.length > 0 || ruled) && (
        <div className="aima-chips">
          {ruled && (
            <button className="aima-chip" onClick={() => callAction({ name: 'edit_rule', payload: { rule: ruled.arguments.rule } })}>
              <Filter size={13} /> Edit as segment
            </button>
          )}
          {suggestions.map((text) => (
            <button key={text} className="aima-chip" onClick={() => sendUserMessage(text)}>{text}</button>
          ))}
        </div>
      )}
    </div>
  );
}

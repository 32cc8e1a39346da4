import { Database, Filter } from 'lucide-react';

const { number } = window.aima;

// What a reader has to know before relying on the figures; figures counted from the data need no word.
function caution({ confidence, evidence }) {
  if (confidence === 'low') return ['low', 'Incomplete', 'Something that was asked could not be answered.'];
  if (evidence.some((line) => line.basis === 'prediction')) return ['medium', 'Prediction', 'A model estimates this; it is not counted from the data.'];
  return null;
}

// Pages by their names: a button says what it opens, not how it is written.
const NAMES = { '/mix fit': 'Fit the model', '/mix check': 'Check what holds', '/budget propose': 'Put this split before a person', '/mix': 'What each ad channel brings', '/budget': 'Where ad money does most', '/forecast': 'What is to come', '/imports': 'What was imported', '/settings': 'Settings', '/approvals': 'What waits for a decision' };
const named = (text) => NAMES[text] || text;

function Call({ line }) {
  return (
    <div className="aima-evidence">
      <b>{line.title || line.tool}</b> {number(line.rows)} {line.rows === 1 ? 'row' : 'rows'}
      {line.sources && line.sources.length > 0 && <> from {line.sources.map((name) => name.replace(/_/g, ' ')).join(', ')}</>}
      {line.until && <>, data up to {line.until}</>}
      {line.asked && line.asked.length > 0 && (
        <ul>{line.asked.map(([name, words]) => <li key={name}>{name}: {words}</li>)}</ul>
      )}
      {(line.definitions || []).map((text, n) => <p key={n}>{text}</p>)}
      <details className="aima-raw">
        <summary>The exact call</summary>
        <code>{line.tool} {JSON.stringify(line.arguments)}</code>
      </details>
    </div>
  );
}

export default function AnswerNotes() {
  const { evidence, is_demo: isDemo, confidence, withheld, suggestions } = props;
  const rows = evidence.reduce((sum, line) => sum + line.rows, 0);
  const ruled = evidence.find((line) => line.arguments && line.arguments.rule);
  const until = evidence.filter((line) => line.data_until).sort((a, b) => (a.data_until < b.data_until ? -1 : 1))[0];
  const titles = evidence.map((line) => line.title || line.tool).filter((t, i, all) => all.indexOf(t) === i);
  const warned = confidence && caution(props);

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
              {titles.slice(0, 2).join(', ')}{titles.length > 2 && ` and ${titles.length - 2} more`}
              {' · '}{number(rows)} {rows === 1 ? 'row' : 'rows'}{until && <> · data up to {until.until || until.data_until}</>}
            </span>
            {warned && <span className={'aima-tag ' + warned[0]} title={warned[2]}>{warned[1]}</span>}
            {isDemo && <span className="aima-tag demo">demo data</span>}
          </summary>
          {evidence.map((line, i) => <Call key={i} line={line} />)}
        </details>
      )}
      {(suggestions.length > 0 || ruled) && (
        <div className="aima-chips">
          {ruled && (
            <button className="aima-chip" onClick={() => callAction({ name: 'edit_rule', payload: { rule: ruled.arguments.rule } })}>
              <Filter size={13} aria-hidden="true" /> Edit as segment
            </button>
          )}
          {suggestions.map((text) => (
            <button key={text} className="aima-chip" onClick={() => sendUserMessage(text)}>{named(text)}</button>
          ))}
        </div>
      )}
    </div>
  );
}

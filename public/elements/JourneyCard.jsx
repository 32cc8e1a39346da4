import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { AlertTriangle, Check, FlaskConical, Pause, Pencil, Play, Send, Square, WandSparkles, X } from 'lucide-react';

const WORDS = {
  new: 'new', draft: 'draft', running: 'running', paused: 'paused', closing: 'being closed', ended: 'ended',
  pending: 'waits for a decision', approved: 'approved', rejected: 'rejected', superseded: 'replaced by a newer version',
};
const TAGS = { running: 'approved', paused: 'pending', closing: 'pending', draft: '', ended: '', new: '' };
const OUTCOMES = {
  end: 'came to the end', goal: 'reached the goal', left: 'left by the condition', 'too long': 'were inside for too long',
  'held out': 'were kept out at random',
};
const WIDEST = 210, NARROWEST = 142, GAP = 14, BOX_H = 62, ROW_H = 104;
const EXAMPLE = 'After an abandoned cart wait 4 hours, send the e-mail “You left something”, if there is no order within 2 days, send the SMS “Still thinking about it?”. Goal: an order.';
const KINDS = { amount: 'number', percent: 'number' };

function count(n) { return window.aima.number(Number(n || 0)); }

// What is wrong, with the step called as people see it: as in the drawing, or beside its fields "this step".
function inWords(fault, called) {
  const said = fault.said.replace(`node '${fault.node}'`, called);
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function figuresOf(state) {
  const found = {};
  for (const node of (state && state.nodes) || []) found[node.node] = node;
  return found;
}

// How wide a column is: as wide as there is room for, never so narrow that words break.
function useColumn(columns) {
  const ref = useRef(null);
  const [width, setWidth] = useState(WIDEST);
  useEffect(() => {
    const measure = () => {
      if (!ref.current) return;
      const room = ref.current.clientWidth / columns - GAP;
      setWidth(Math.max(NARROWEST, Math.min(WIDEST, Math.floor(room))));
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, [columns]);
  return [ref, width];
}

function Drawing({ picture, state, words, faults }) {
  const figures = figuresOf(state);
  const moving = state && state.entered > 0;
  const [ref, width] = useColumn(picture.columns || 1);
  const step = width + GAP;
  const left = (box) => GAP / 2 + box.column * step;
  const boxes = Object.fromEntries(picture.boxes.map((box) => [box.id, box]));
  const wrong = new Set((faults || []).map((fault) => fault.node));
  const total = { width: picture.columns * step, height: picture.rows * ROW_H - (ROW_H - BOX_H) + 4 };

  function path(line) {
    const a = boxes[line.source], b = boxes[line.target];
    const x1 = left(a) + width / 2, y1 = a.row * ROW_H + BOX_H;
    const x2 = left(b) + width / 2, y2 = b.row * ROW_H;
    if (line.across && b.row <= a.row) {
      const side = Math.max(left(a), left(b)) + width + 8;
      return `M ${left(a) + width} ${y1 - BOX_H / 2} C ${side} ${y1 - BOX_H / 2}, ${side} ${y2 + BOX_H / 2}, ${left(b) + width} ${y2 + BOX_H / 2}`;
    }
    const middle = (y1 + y2) / 2;
    return `M ${x1} ${y1} C ${x1} ${middle}, ${x2} ${middle}, ${x2} ${y2}`;
  }

  function passed(line) {
    if (!moving) return '';
    if (line.way === 'entered') return `${count(state.entered)} entered`;
    const node = figures[line.source];
    const ways = (node && node.ways) || {};
    return line.way === 'done' ? '' : ways[line.way] ? count(ways[line.way]) : '';
  }

  return (
    <div className="aima-journey-scroll" ref={ref} role="img" aria-label={words}>
      <div className="aima-journey-drawing" style={total} aria-hidden="true">
        <svg width={total.width} height={total.height}>
          <defs><marker id="aima-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z" /></marker></defs>
          {picture.lines.map((line, n) => <path key={n} d={path(line)} className={line.across ? 'across' : ''} markerEnd="url(#aima-arrow)" />)}
        </svg>
        {picture.lines.map((line, n) => {
          const a = boxes[line.source], b = boxes[line.target];
          const said = [line.label, passed(line)].filter(Boolean).join(' · ');
          if (!said) return null;
          const x = line.across ? (left(a) + left(b)) / 2 : left(b);
          const y = line.across ? a.row * ROW_H + BOX_H + 2 : b.row * ROW_H - (ROW_H - BOX_H) / 2 - 9;
          return <span key={n} className="aima-journey-way" style={{ left: x, top: y, width }}><i>{said}</i></span>;
        })}
        {picture.boxes.map((box) => {
          const node = figures[box.id];
          return (
            <div key={box.id} className={`aima-journey-box ${box.type}${wrong.has(box.id) ? ' wrong' : ''}`} data-node={box.id}
              style={{ left: left(box), top: box.row * ROW_H, width, height: BOX_H }} title={box.title}>
              <span>{box.title}</span>
              {moving && node && (node.inside > 0 || node.messages > 0) && <b>
                {node.inside > 0 && `${count(node.inside)} here`}
                {node.inside > 0 && node.messages > 0 && ', '}
                {node.messages > 0 && `${count(node.sent)} of ${count(node.messages)} sent`}
              </b>}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Fact({ label, children }) {
  return <div className="aima-fact"><span>{label}</span><b>{children}</b></div>;
}

const VERDICTS = {
  'lift shown': 'It works', 'loss shown': 'It does harm', 'no lift shown': 'No effect is shown',
  'not enough data': 'No evidence yet whether it works',
};

function share(part, whole) { return whole ? `${window.aima.number((100 * part) / whole, 1)} %` : '–'; }

// What it changed, told by those kept out at random.
function Effect({ found }) {
  const did = found.goal === 'order' ? 'ordered' : 'did what it is for';
  const main = found.lifts[0];
  const points = (n) => `${n > 0 ? '+' : ''}${window.aima.number(100 * n, 1)}`;
  return (
    <div className="aima-form" data-verdict={found.verdict}>
      <p className="aima-small"><b>{VERDICTS[found.verdict]}.</b> Within {found.days} days {share(found.let_in_reached, found.let_in)} of {count(found.let_in)} let in {did}, and {share(found.kept_out_reached, found.kept_out)} of {count(found.kept_out)} kept out at random.
        {main && ` Difference ${points(main.lift)} percentage points (95% interval ${points(main.low)} to ${points(main.high)}).`}
        {!main && ` ${found.reason}`}
        {found.waiting > 0 && ` For ${count(found.waiting)} more these ${found.days} days are not over.`}</p>
    </div>
  );
}

function State({ state }) {
  const nodes = state.nodes || [];
  const sum = (name) => nodes.reduce((all, node) => all + node[name], 0);
  const left = Object.entries(state.outcomes || {});
  const unreached = nodes.reduce((all, node) => all + ['no address', 'no consent', 'suppressed'].reduce((n, way) => n + (node.ways[way] || 0), 0), 0);
  return (
    <>
      <div className="aima-facts" data-inside={state.inside}>
        <Fact label="Inside now">{count(state.inside)}</Fact>
        <Fact label="Entered so far">{count(state.entered)}</Fact>
        <Fact label="Messages sent">{count(sum('sent'))} of {count(sum('messages'))}</Fact>
        <Fact label="Unsubscribed">{count(sum('unsubscribed'))}</Fact>
      </div>
      {left.length > 0 && <p className="aima-small">{left.map(([name, n]) => `${count(n)} ${OUTCOMES[name] || name}`).join(', ')}.</p>}
      {unreached > 0 && <p className="aima-small">{count(unreached)} times somebody came to a message and could not be written to (no consent, no address, or suppressed): they went on without it.</p>}
      {state.compared && <Effect found={state.compared} />}
      {sum('failed') > 0 && <p className="aima-small">{count(sum('failed'))} messages were not sent: failed, left out at the last moment, or of unknown outcome.</p>}
    </>
  );
}

function Trial({ trial }) {
  const left = Object.entries(trial.outcomes || {}).map(([name, n]) => `${count(n)} ${OUTCOMES[name] || name}`).join(', ');
  return (
    <div className="aima-form" role="status" data-trial={trial.entered}>
      <p className="aima-small"><b>Dry run over the last {trial.days} days.</b> {count(trial.entered)} would have entered, {count(trial.messages)} messages would have been sent; nothing was. {count(trial.inside)} would still be inside{left && `; ${left}`}. Segments, addresses and consent are as of now, and nobody counts as having opened anything.</p>
      <ul className="aima-journey-list">{trial.nodes.filter((node) => node.passed || node.inside).map((node) => (
        <li key={node.node}><span>{node.does}</span><b>{count(node.passed)} passed{node.inside > 0 && `, ${count(node.inside)} there`}{node.messages > 0 && `, ${count(node.messages)} sent`}</b></li>
      ))}</ul>
    </div>
  );
}

// The texts and times of a definition, node by node; whatever else there is can be changed as JSON.
function Form({ definition, faults, onChange }) {
  const [json, setJson] = useState(null);
  const [problem, setProblem] = useState('');
  const nodes = definition.nodes.filter((node) => ['send', 'wait', 'wait_for', 'split'].includes(node.type));
  const put = (id, changes) => onChange({ ...definition, nodes: definition.nodes.map((node) => (node.id === id ? { ...node, ...changes } : node)) });
  const field = (node, name, label, rows) => (
    <label className="aima-field">{label}
      {rows ? <textarea name={`${node.id}.${name}`} rows={rows} value={node[name] || ''} onChange={(e) => put(node.id, { [name]: e.target.value })} />
        : <input name={`${node.id}.${name}`} type={KINDS[name] || 'text'} min="1" value={node[name] === undefined || node[name] === null ? '' : node[name]}
            onChange={(e) => put(node.id, { [name]: KINDS[name] ? Number(e.target.value) : e.target.value })} />}
    </label>
  );
  const span = (node) => (
    <div className="aima-pair">
      {field(node, 'amount', 'How long')}
      <label className="aima-field">Of
        <select value={node.unit} name={`${node.id}.unit`} onChange={(e) => put(node.id, { unit: e.target.value })}>
          {['minutes', 'hours', 'days', 'weeks'].map((unit) => <option key={unit}>{unit}</option>)}
        </select>
      </label>
    </div>
  );
  function read(text) {
    setJson(text);
    try { onChange(JSON.parse(text)); setProblem(''); } catch (error) { setProblem(`This is no JSON yet: ${error.message}`); }
  }
  return (
    <div className="aima-form">
      <label className="aima-field">Name
        <input name="name" value={definition.name} onChange={(e) => onChange({ ...definition, name: e.target.value })} />
      </label>
      {nodes.map((node) => (
        <fieldset key={node.id} className="aima-journey-node">
          <legend>{node.id.replace(/_/g, ' ')}</legend>
          {(faults || []).filter((fault) => fault.node === node.id).map((fault) => <p key={fault.said} className="aima-warn"><AlertTriangle size={14} /> {inWords(fault, 'this step')}</p>)}
          {node.type === 'send' && node.channel === 'email' && field(node, 'subject', 'Subject')}
          {node.type === 'send' && field(node, 'body_text', 'Text', 4)}
          {(node.type === 'wait' || node.type === 'wait_for') && span(node)}
          {node.type === 'split' && <div className="aima-pair">{node.ways.map((way, n) => (
            <label key={n} className="aima-field">Way {n + 1}, %
              <input name={`${node.id}.${n}`} type="number" min="1" max="99" value={way.percent}
                onChange={(e) => put(node.id, { ways: node.ways.map((one, m) => (m === n ? { ...one, percent: Number(e.target.value) } : one)) })} />
            </label>
          ))}</div>}
        </fieldset>
      ))}
      <p className="aima-small">{'Fields such as {first_name|there} are filled in for everybody, as in campaigns.'}</p>
      <details><summary className="aima-small">Everything, as JSON</summary>
        <textarea className="aima-journey-json" aria-label="Definition as JSON" rows={14} value={json === null ? JSON.stringify(definition, null, 2) : json} onChange={(e) => read(e.target.value)} />
        {problem && <p className="aima-error">{problem}</p>}
      </details>
    </div>
  );
}

function Words({ start, busy, onWrite }) {
  const [words, setWords] = useState(start || '');
  return (
    <div className="aima-form">
      <label className="aima-field">Say who enters first, then the steps
        <textarea name="words" rows={4} placeholder={EXAMPLE} value={words} onChange={(e) => setWords(e.target.value)} />
      </label>
      <div className="aima-buttons">
        <button className="aima-go" disabled={busy || !words.trim()} onClick={() => onWrite(words)}><WandSparkles size={15} /> Draw it</button>
        {!words && <button className="aima-quiet" onClick={() => setWords(EXAMPLE)}>Take an example</button>}
      </div>
    </div>
  );
}

function Texts({ sends }) {
  return (
    <details className="aima-shown"><summary>What it sends</summary>
      {Object.entries(sends).map(([id, send]) => (
        <div key={id} className="aima-preview">
          <div className="aima-subjectline"><span>{id.replace(/_/g, ' ')}</span> {send.content.subject || send.channel} <small>by {send.carrier}, from {send.sender}</small></div>
          <pre className="aima-text">{send.content.body_text}</pre>
        </div>
      ))}
    </details>
  );
}

export default function JourneyCard() {
  const current = useSyncExternalStore((heard) => window.aima.cards.listen(props.element_id, heard), () => window.aima.cards.newest(props));
  const { proposal, progress, can_approve: canApprove, can_propose: canPropose, notice } = current;
  const isProposal = Boolean(proposal.content_hash);
  const state = isProposal ? progress : proposal.state;
  const shown = isProposal ? proposal.journey : state;
  const [mode, setMode] = useState('view');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const [said, setSaid] = useState('');
  const [note, setNote] = useState('');
  const [draft, setDraft] = useState(null);
  const [trial, setTrial] = useState(null);
  const journeyId = isProposal ? proposal.journey.id : proposal.id;
  const status = isProposal && proposal.status !== 'approved' ? proposal.status : state ? state.status : proposal.status;
  const faults = (!isProposal && state && state.faults) || [];
  const draftable = !isProposal && canPropose;
  const drawn = shown && shown.picture && shown.picture.boxes;
  const titles = Object.fromEntries((drawn || []).map((box) => [box.id, box.title]));

  async function act(name, payload) {
    setBusy(true);
    setError(null);
    setSaid('');
    setTrial(null);
    let answer = null;
    try {
      answer = await callAction({ name, payload: { element_id: props.element_id, message_id: props.message_id, proposal_id: proposal.id, journey: journeyId, ...payload } });
      const problem = answer && answer.response && answer.response.error;
      if (problem || !answer || answer.success === false) setError(problem || 'That did not work; reload the page and try again.');
      else { setMode('view'); setSaid((answer.response && answer.response.said) || ''); }
    } catch (failure) {
      setError(String(failure));
    }
    setBusy(false);
    return answer && answer.response;
  }

  async function tryOut() {
    const answer = await act('try_journey', {});
    if (answer && answer.trial) setTrial(answer.trial);
  }

  return (
    <div className="aima-box aima-card aima-journey" data-journey={journeyId} data-status={status}>
      <div className="aima-bar">
        <span className="aima-title">{proposal.title}</span>
        {state && state.version && <span className="aima-small">version {state.version}</span>}
        <span className={'aima-tag ' + (TAGS[status] === undefined ? status : TAGS[status])}>{WORDS[status] || status}</span>
      </div>
      {notice && <p className="aima-warn"><AlertTriangle size={14} /> {notice}</p>}
      {proposal.status === 'new' && <Words busy={busy} onWrite={(words) => act('write_journey', { words, journey: '' })} />}

      {isProposal && <p className="aima-small aima-journey-lead">
        {proposal.audience.description}: {count(proposal.audience.count)} customers, {count(proposal.audience.reachable)} of them can be written to
        {proposal.audience.without_consent > 0 && `, ${count(proposal.audience.without_consent)} without consent`}
        {proposal.audience.suppressed > 0 && `, ${count(proposal.audience.suppressed)} suppressed`}
        {proposal.audience.no_address > 0 && `, ${count(proposal.audience.no_address)} without address`}.
        {proposal.holdout_share > 0 && ` ${Math.round(100 * proposal.holdout_share)}% are kept out at random.`}
      </p>}
      {state && state.entered + state.held_out > 0 && <State state={state} />}
      {shown && shown.words && <p className="aima-journey-words">{shown.words}</p>}
      {(proposal.unclear || []).length > 0 && <p className="aima-warn"><AlertTriangle size={14} /> Not understood, and nothing was made of it: {proposal.unclear.map((part) => `“${part}”`).join('; ')}</p>}
      {drawn && <Drawing picture={shown.picture} state={state} words={shown.words} faults={faults} />}
      {isProposal && <Texts sends={proposal.journey.sends} />}
      {(isProposal ? proposal.warnings : (state && state.notes) || []).map((text) => <p key={text} className="aima-warn"><AlertTriangle size={14} /> {text}</p>)}
      {mode !== 'edit' && faults.map((fault) => <p key={fault.said} className="aima-warn"><AlertTriangle size={14} /> {inWords(fault, `“${titles[fault.node] || fault.node.replace(/_/g, ' ')}”`)}</p>)}
      {!isProposal && state && state.changed && <p className="aima-warn"><AlertTriangle size={14} /> The newest draft is not what runs. What is drawn runs; the draft runs once it is proposed and approved.</p>}

      {mode === 'edit' && draft && <Form definition={draft} faults={faults} onChange={setDraft} />}
      {mode === 'words' && <Words start={state.words} busy={busy} onWrite={(words) => act('write_journey', { words })} />}
      {trial && mode === 'view' && <Trial trial={trial} />}
      {isProposal && proposal.decision && <p className="aima-small">
        {proposal.decision.decision === 'approved' ? 'Approved' : 'Rejected'} by {proposal.decision.by}, {window.aima.day(proposal.decision.at)}
        {proposal.decision.note && `: “${proposal.decision.note}”`}
      </p>}
      {error && <p className="aima-error" role="alert">{error}</p>}
      <p role="status" className="aima-small">{said}</p>

      {isProposal && proposal.status === 'pending' && mode === 'reject' && (
        <label className="aima-field">Why? (for whoever asked)
          <textarea rows={2} value={note} onChange={(e) => setNote(e.target.value)} name="note" />
        </label>
      )}
      {isProposal && proposal.status === 'pending' && (
        <div className="aima-buttons">
          {mode === 'view' && <>
            <button className="aima-go" disabled={busy || !canApprove} onClick={() => act('approve_proposal', { content_hash: proposal.content_hash })}>
              <Check size={15} /> {busy ? 'Approving…' : 'Approve and start'}
            </button>
            <button className="aima-quiet" disabled={busy || !canApprove} onClick={() => setMode('reject')}><X size={14} /> Reject</button>
          </>}
          {mode === 'reject' && <>
            <button className="aima-stop" disabled={busy} onClick={() => act('reject_proposal', { note })}>Reject</button>
            <button className="aima-quiet" disabled={busy} onClick={() => setMode('view')}>Back</button>
          </>}
          {!canApprove && <span className="aima-small">Your role may not approve; a manager or administrator can.</span>}
        </div>
      )}
      {state && (!isProposal || proposal.status === 'approved') && (
        <div className="aima-buttons">
          {mode === 'view' && draftable && state.status !== 'ended' && <>
            <button className="aima-go" disabled={busy || faults.length > 0 || (state.version && !state.changed)} onClick={() => act('propose_journey', {})}><Send size={14} /> Propose</button>
            <button className="aima-quiet" disabled={busy} onClick={() => { setDraft(state.definition); setMode('edit'); }}><Pencil size={14} /> Edit</button>
            {state.status === 'draft' && <button className="aima-quiet" disabled={busy} onClick={() => setMode('words')}><WandSparkles size={14} /> Say it anew</button>}
          </>}
          {mode === 'view' && <button className="aima-quiet" disabled={busy} onClick={tryOut}><FlaskConical size={14} /> Dry run</button>}
          {mode === 'view' && canApprove && <>
            {['running', 'closing'].includes(state.status) && <button className="aima-quiet" disabled={busy} onClick={() => act('change_journey', { change: 'pause_journey' })}><Pause size={14} /> Pause</button>}
            {state.status === 'paused' && <button className="aima-go" disabled={busy} onClick={() => act('change_journey', { change: 'resume_journey' })}><Play size={14} /> Go on</button>}
            {['running', 'paused'].includes(state.status) && <button className="aima-quiet" disabled={busy} onClick={() => act('change_journey', { change: 'end_journey' })}><Square size={14} /> Close</button>}
          </>}
          {mode === 'edit' && <>
            <button className="aima-go" disabled={busy} onClick={() => act('save_journey', { definition: draft })}>Keep the draft</button>
            <button className="aima-quiet" disabled={busy} onClick={() => setMode('view')}>Back</button>
          </>}
          {mode === 'words' && <button className="aima-quiet" disabled={busy} onClick={() => setMode('view')}>Back</button>}
        </div>
      )}
      {isProposal && <p className="aima-small" title={'Content ' + proposal.content_hash}>Approval covers exactly what is shown here; a change makes a new proposal.</p>}
    </div>
  );
}

import { useState, useSyncExternalStore } from 'react';
import { AlertTriangle, Archive, Check, Pause, Pencil, Play, Send, Square, X } from 'lucide-react';

const WORDS = { pending: 'waits for a decision', approved: 'approved', rejected: 'rejected', superseded: 'replaced by a newer version', expired: 'expired' };
const STEPS = { pause: ['Pause', Pause], resume: ['Resume', Play], end: ['End', Square], archive: ['Archive', Archive] };
const MOVES = { scheduled: 'Scheduled', active: 'Sending', paused: 'Paused', completed: 'Done', expired: 'Over', archived: 'Archived' };

function count(n) { return window.aima.number(Number(n || 0)); }

// Instants come as the organisation's clocks show them, with their distance from UTC.
function when(instant) {
  if (!instant) return 'at approval';
  const offset = instant.match(/[+-]\d{2}:\d{2}$/);
  return `${window.aima.day(instant)}, ${instant.slice(11, 16)} UTC${offset && offset[0] !== '+00:00' ? offset[0] : ''}`;
}

// The same without that distance, as it is written down again: a time of the organisation's clocks.
function clock(instant) {
  return instant ? instant.slice(0, 16) : '';
}

function Fact({ label, children }) {
  return <div className="aima-fact"><span>{label}</span><b>{children}</b></div>;
}

function Progress({ progress }) {
  const settled = Object.entries(progress.counts)
    .filter(([status]) => !['pending', 'claimed', 'handing_over'].includes(status))
    .reduce((sum, [, n]) => sum + n, 0);
  const share = progress.total ? settled / progress.total : progress.done ? 1 : 0;
  return (
    <div className="aima-progress" role="status">
      <div className="aima-track"><div style={{ width: (100 * share).toFixed(1) + '%' }} /></div>
      <span>
        {progress.status === 'scheduled' && !progress.done
          ? `Scheduled for ${when(progress.started_at)}`
          : `${progress.done && progress.status === 'active' ? 'Done' : MOVES[progress.status]}: ${count(progress.counts.sent)} of ${count(progress.total)} sent`}
        {Object.entries(progress.counts).filter(([s, n]) => ['skipped', 'failed', 'unknown'].includes(s) && n)
          .map(([s, n]) => `, ${count(n)} ${s}`).join('')}
      </span>
      {progress.codes_given > 0 && <span>{count(progress.codes_given)} voucher codes given, redeemed in {count(progress.redeemed)} {progress.redeemed === 1 ? 'order' : 'orders'}{progress.redeemed > 0 && ` of ${window.aima.figure(progress.redeemed_revenue, 'money', progress.currency)}`}</span>}
      {Object.entries(progress.reasons || {}).map(([why, n]) => <span key={why}>{count(n)}: {why}</span>)}
    </div>
  );
}

function Unknown({ messages, canSettle, busy, onSettle }) {
  return (
    <div className="aima-unknown" role="group" aria-label="Unknown deliveries">
      <p className="aima-warn"><AlertTriangle size={14} /> Nobody knows whether {messages.length === 1 ? 'this message' : `these ${count(messages.length)} messages`} arrived: sending was cut off in the middle. Look into the mail server&apos;s log, then say so here.</p>
      <ul>{messages.map((message) => (
        <li key={message.message_id}>
          <span>{message.recipient} <small>{when(message.since)}</small></span>
          {canSettle && <span className="aima-pages">
            <button className="aima-quiet" disabled={busy} onClick={() => onSettle(message.message_id, true)}>It arrived</button>
            <button className="aima-quiet" disabled={busy} onClick={() => onSettle(message.message_id, false)}>It did not: send again</button>
          </span>}
        </li>
      ))}</ul>
    </div>
  );
}

// What a person can do to a campaign that was launched, and what was done to it.
function Lifecycle({ progress, canStep, busy, onStep }) {
  const [asked, setAsked] = useState(null);
  const [note, setNote] = useState('');
  const steps = canStep ? progress.steps || [] : [];
  const history = progress.history || [];
  const take = (step) => { setAsked(null); onStep(step, note.trim()); setNote(''); };
  return (
    <div className="aima-life" role="group" aria-label="Steps of the campaign">
      {steps.length > 0 && asked === null && <div className="aima-buttons">
        {steps.map((step) => {
          const [title, Icon] = STEPS[step];
          return <button key={step} className="aima-quiet" disabled={busy} onClick={() => (step === 'pause' || step === 'end' ? setAsked(step) : take(step))}><Icon size={14} /> {title}</button>;
        })}
      </div>}
      {asked && <>
        <label className="aima-field">{asked === 'end' ? 'What has not gone out will never go out. Why? (for its history)' : 'Why? (for its history; may stay empty)'}
          <input value={note} onChange={(e) => setNote(e.target.value)} name="step_note" maxLength={500} />
        </label>
        <div className="aima-buttons">
          <button className={asked === 'end' ? 'aima-stop' : 'aima-go'} disabled={busy} onClick={() => take(asked)}>{STEPS[asked][0]} it</button>
          <button className="aima-quiet" disabled={busy} onClick={() => setAsked(null)}>Back</button>
        </div>
      </>}
      {history.length > 0 && <details className="aima-shown"><summary>History</summary>
        <ol className="aima-history">{history.map((one, i) => (
          <li key={i}>{when(one.at)}: {one.was} → <b>{one.status}</b>, by {one.actor}{one.note && `: “${one.note}”`}</li>
        ))}</ol>
      </details>}
    </div>
  );
}

function Preview({ proposal }) {
  const { content, sample } = proposal;
  const tabs = sample && !sample.html ? ['text', 'template'] : ['html', 'text', 'template'];
  const [tab, setTab] = useState(tabs[0]);
  return (
    <div className="aima-preview">
      {content.subject && <div className="aima-subjectline"><span>Subject</span> {sample ? sample.subject : content.subject}</div>}
      {content.preview_text && <div className="aima-subjectline"><span>Preview</span> {sample && sample.preview_text || content.preview_text}</div>}
      <div className="aima-tabs" role="tablist">
        {tabs.map((name) => (
          <button key={name} role="tab" aria-selected={tab === name} onClick={() => setTab(name)}>
            {{ html: 'HTML', text: 'Text', template: 'With merge fields' }[name]}
          </button>
        ))}
        {sample && tab !== 'template' && <span className="aima-small">as {sample.recipient} gets it</span>}
      </div>
      {tab === 'html' && (sample ? <iframe className="aima-frame" title="Message" sandbox="allow-same-origin" onLoad={window.aima.fit} srcDoc={sample.html} />
        : <p className="aima-small">Nobody in this audience can be written to, so there is no example.</p>)}
      {tab === 'text' && <pre className="aima-text">{sample ? sample.text : content.body_text}</pre>}
      {tab === 'template' && <pre className="aima-text">{(content.subject ? content.subject + '\n\n' : '') + content.body_text}</pre>}
    </div>
  );
}

export default function PlanCard() {
  const current = useSyncExternalStore((heard) => window.aima.cards.listen(props.element_id, heard), () => window.aima.cards.newest(props));
  const { proposal, progress, can_approve: canApprove, notice } = current;
  const { audience, content, sample } = proposal;
  const [mode, setMode] = useState('view');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const [said, setSaid] = useState('');
  const [note, setNote] = useState('');
  const [draft, setDraft] = useState({});
  const place = { element_id: props.element_id, message_id: props.message_id, proposal_id: proposal.id };
  const pending = proposal.status === 'pending';

  async function act(name, payload) {
    setBusy(true);
    setError(null);
    setSaid('');
    try {
      const answer = await callAction({ name, payload: { ...place, ...payload } });
      const problem = answer && answer.response && answer.response.error;
      if (problem || !answer || answer.success === false) setError(problem || 'That did not work; reload the page and try again.');
      else { setMode('view'); setSaid(answer.response && answer.response.said || ''); }
    } catch (failure) {
      setError(String(failure));
    }
    setBusy(false);
  }

  function edit() {
    setDraft({
      subject: content.subject, preview_text: content.preview_text || '', body_text: content.body_text,
      send_at: clock(proposal.send_at), holdout: String(Math.round(proposal.holdout_share * 100)),
      offer: proposal.offer ? proposal.offer.name : '', ends_at: clock(proposal.ends_at),
    });
    setMode('edit');
  }

  function changes() {
    const changed = {};
    for (const field of ['subject', 'preview_text', 'body_text']) {
      if (draft[field] !== (content[field] || '')) changed[field] = draft[field];
    }
    const share = Number(draft.holdout) / 100;
    if (Math.abs(share - proposal.holdout_share) > 1e-9) changed.holdout_share = share;
    if (draft.send_at && draft.send_at !== clock(proposal.send_at)) changed.send_at = draft.send_at;
    if (draft.ends_at && draft.ends_at !== clock(proposal.ends_at)) changed.ends_at = draft.ends_at;
    if (draft.offer.trim() !== (proposal.offer ? proposal.offer.name : '')) changed.offer = draft.offer.trim();
    return changed;
  }

  function field(name, label, rows) {
    const change = (e) => setDraft({ ...draft, [name]: e.target.value });
    return (
      <label className="aima-field">{label}
        {rows ? <textarea rows={rows} value={draft[name]} onChange={change} name={name} />
          : <input value={draft[name]} onChange={change} name={name}
              type={name === 'send_at' || name === 'ends_at' ? 'datetime-local' : name === 'holdout' ? 'number' : 'text'} min="0" max="50" />}
      </label>
    );
  }

  return (
    <div className="aima-box aima-card" data-proposal={proposal.id} data-status={proposal.status}>
      <div className="aima-bar">
        <span className="aima-title">{proposal.title}</span>
        <span className={'aima-tag ' + proposal.status}>{WORDS[proposal.status]}</span>
      </div>

      <div className="aima-facts">
        <Fact label="Recipients">{count(audience.to_send)}</Fact>
        <Fact label="Kept back">{count(audience.held_out)} ({Math.round(proposal.holdout_share * 100)}%)</Fact>
        <Fact label="Sends">{when(proposal.send_at)}</Fact>
        <Fact label="Goes to">{proposal.carrier.replace(/^the /, '')}</Fact>
        {proposal.offer && <Fact label="Offers">{proposal.offer.words}</Fact>}
        {proposal.budget !== null && proposal.budget !== undefined && <Fact label="Gives away at most">{window.aima.figure(proposal.budget, 'money', proposal.currency)}</Fact>}
        {proposal.ends_at && <Fact label="Ends">{when(proposal.ends_at)}</Fact>}
        {pending && proposal.expires_at && <Fact label="To approve until">{when(proposal.expires_at)}</Fact>}
      </div>
      <p className="aima-small">
        {audience.description}: {count(audience.count)} customers, {count(audience.reachable)} reachable
        {audience.without_consent > 0 && `, ${count(audience.without_consent)} without consent`}
        {audience.suppressed > 0 && `, ${count(audience.suppressed)} suppressed`}
        {audience.no_address > 0 && `, ${count(audience.no_address)} without address`}
        {audience.duplicate_address > 0 && `, ${count(audience.duplicate_address)} with an address used twice`}
        . From {proposal.sender}{proposal.reply_to && `, answers to ${proposal.reply_to}`}.
      </p>
      {proposal.expected && <p className="aima-small aima-expected"><b>Expected:</b> {proposal.expected}</p>}
      {proposal.endorsed_by && <p className="aima-warn"><Check size={14} /> Approved by {proposal.endorsed_by}. It takes two people: another one has to approve it too.</p>}
      {(proposal.warnings || []).map((text) => <p key={text} className="aima-warn"><AlertTriangle size={14} /> {text}</p>)}
      {notice && <p className="aima-warn"><AlertTriangle size={14} /> {notice}</p>}

      {mode === 'edit' ? (
        <div className="aima-form">
          {content.subject && field('subject', 'Subject')}
          {content.subject && field('preview_text', 'Preview text')}
          {field('body_text', 'Text', 10)}
          <p className="aima-small">{'Fields such as {first_name|there}, and conditions such as {% if orders > 3 %} … {% endif %}, are filled in for every recipient: first_name, last_name, name, country, city, customer_id, last_order, days_since_last_order, orders, total_spent, last_products, favourite_category, shop, today, offer, offer_code, offer_until.'}</p>
          <div className="aima-pair">{field('send_at', proposal.send_at ? 'Send at (by your clocks)' : 'Send at (by your clocks; empty: at approval)')}{field('holdout', 'Kept back, %')}</div>
          <div className="aima-pair">{field('offer', 'Offer, by name (empty: none)')}{field('ends_at', 'Ends (by your clocks; what is not sent by then is left out)')}</div>
          {content.body_html && <p className="aima-small">Its HTML was written apart from the text. If you change the text, the HTML is made anew from it.</p>}
        </div>
      ) : (
        pending ? <Preview proposal={proposal} />
          : <details className="aima-shown"><summary>What it says</summary><Preview proposal={proposal} /></details>
      )}

      {progress && <Progress progress={progress} />}
      {progress && <Lifecycle progress={progress} canStep={canApprove} busy={busy}
        onStep={(step, why) => act('take_step', { step, campaign_id: progress.campaign_id, note: why })} />}
      {progress && progress.done && progress.counts.failed > 0 && canApprove && (
        <button className="aima-quiet" disabled={busy} onClick={() => act('resend_failed', { campaign_id: progress.campaign_id })}>
          <Send size={14} /> Send the {count(progress.counts.failed)} failed {progress.counts.failed === 1 ? 'one' : 'ones'} again
        </button>
      )}
      {progress && (progress.unknown || []).length > 0 && (
        <Unknown messages={progress.unknown} canSettle={canApprove} busy={busy}
          onSettle={(delivery_id, delivered) => act('settle_delivery', { delivery_id, delivered })} />
      )}
      {proposal.decision && (
        <p className="aima-small">
          {proposal.decision.decision === 'approved' ? 'Approved' : 'Rejected'} by {proposal.decision.by}, {when(proposal.decision.at)}
          {proposal.decision.note && `: “${proposal.decision.note}”`}
        </p>
      )}
      {error && <p className="aima-error" role="alert">{error}</p>}
      <p role="status" className="aima-small">{said}</p>

      {pending && mode === 'reject' && (
        <label className="aima-field">Why? (for whoever asked)
          <textarea rows={2} value={note} onChange={(e) => setNote(e.target.value)} name="note" />
        </label>
      )}
      {pending && (
        <div className="aima-buttons">
          {mode === 'view' && <>
            <button className="aima-go" disabled={busy || !canApprove || audience.to_send === 0}
              onClick={() => act('approve_proposal', { content_hash: proposal.content_hash })}>
              <Check size={15} /> {busy ? 'Approving…' : `Approve and ${proposal.send_at ? 'schedule' : 'send'} ${count(audience.to_send)}`}
            </button>
            <button className="aima-quiet" disabled={busy} onClick={edit}><Pencil size={14} /> Edit</button>
            <button className="aima-quiet" disabled={busy || !canApprove || !sample} onClick={() => act('send_test', {})}><Send size={14} /> Send me a test</button>
            <button className="aima-quiet" disabled={busy || !canApprove} onClick={() => setMode('reject')}><X size={14} /> Reject</button>
          </>}
          {mode === 'edit' && <>
            <button className="aima-go" disabled={busy || Object.keys(changes()).length === 0}
              onClick={() => act('revise_proposal', { changes: changes() })}>Save as a new proposal</button>
            <button className="aima-quiet" disabled={busy} onClick={() => setMode('view')}>Back</button>
          </>}
          {mode === 'reject' && <>
            <button className="aima-stop" disabled={busy} onClick={() => act('reject_proposal', { note })}>Reject</button>
            <button className="aima-quiet" disabled={busy} onClick={() => setMode('view')}>Back</button>
          </>}
          {!canApprove && <span className="aima-small">Your role may not approve; a manager or administrator can.</span>}
        </div>
      )}
      <p className="aima-small" title={'Content ' + proposal.content_hash}>Approval covers exactly what is shown here; a change makes a new proposal.</p>
    </div>
  );
}

import { useState } from 'react';
import { AlertTriangle, Check, X } from 'lucide-react';

const WORDS = { pending: 'waits for a decision', approved: 'approved', rejected: 'rejected', superseded: 'replaced by a newer one' };

// A split of the budget for a person to decide on; chat/budget.py has written every figure.
export default function BudgetCard() {
  const { plan, lines, gain, likely, can_approve: canApprove } = props;
  const [status, setStatus] = useState(plan.status);
  const [by, setBy] = useState(plan.decided_by);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);

  async function decide(name) {
    setBusy(true);
    setError(null);
    try {
      const answer = await callAction({ name, payload: { plan_id: plan.id, content_hash: plan.content_hash } });
      const said = (answer && answer.response) || {};
      if (said.error || !said.status) setError(said.error || 'That did not work; reload the page and try again.');
      else { setStatus(said.status); setBy(said.by); }
    } catch (failure) {
      setError(String(failure));
    }
    setBusy(false);
  }

  return (
    <div className="aima-box aima-card" data-budget={plan.id} data-status={status}>
      <div className="aima-bar">
        <span className="aima-title">{plan.title}</span>
        <span className={'aima-tag ' + status}>{WORDS[status]}</span>
      </div>
      <div className="aima-facts">
        {lines.map((line) => (
          <div className="aima-fact" key={line.channel}><span>{line.channel}</span><b>{line.planned}</b><small>now {line.now} a {plan.per}</small></div>
        ))}
      </div>
      <p className="aima-small">Gain in sales a {plan.per}: {gain} (90% interval). Likely better than today: {likely}.</p>
      {plan.cautions.map((text) => <p key={text} className="aima-warn"><AlertTriangle size={14} /> {text}</p>)}
      <p className="aima-small">Approving keeps this split as agreed. You change the budgets at the ad platforms: AIMA moves no money.</p>
      {status !== 'pending' && by && <p className="aima-small">{status === 'approved' ? 'Approved' : 'Rejected'} by {by}</p>}
      {error && <p className="aima-error" role="alert">{error}</p>}
      {status === 'pending' && (canApprove ? (
        <div className="aima-buttons">
          <button className="aima-go" disabled={busy} onClick={() => decide('approve_budget_plan')}><Check size={15} /> Approve</button>
          <button className="aima-quiet" disabled={busy} onClick={() => decide('reject_budget_plan')}><X size={15} /> Reject</button>
        </div>
      ) : <p className="aima-small">Somebody with the right to approve decides about it.</p>)}
    </div>
  );
}

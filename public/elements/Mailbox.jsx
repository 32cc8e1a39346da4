import { useState } from 'react';
import { ChevronDown, ChevronRight } from 'lucide-react';

const { day, number } = window.aima;

function when(iso) { return `${day(iso)}, ${iso.slice(11, 16)}`; }

function Campaign({ group, first }) {
  const [open, setOpen] = useState(first);
  const [shown, setShown] = useState(0);
  const [plain, setPlain] = useState(false);
  const [everybody, setEverybody] = useState(false);
  const whole = group.messages.filter((mail) => mail.body_text !== null || mail.body_html !== null);
  const mail = whole[Math.min(shown, whole.length - 1)];
  return (
    <li>
      <button className="aima-mail" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <ChevronDown size={15} /> : <ChevronRight size={15} />}
        <span className="aima-subject">{group.subject}</span>
        <span className="aima-when">{number(group.total)} {group.total === 1 ? 'message' : 'messages'} · {when(group.messages[0].delivered_at)}</span>
      </button>
      {open && mail && (
        <div className="aima-open">
          <div className="aima-bar">
            <label className="aima-small">As <select className="aima-input" value={shown} onChange={(e) => setShown(Number(e.target.value))}>
              {whole.map((one, i) => <option key={one.message_id} value={i}>{one.recipient}</option>)}</select> got it</label>
            {mail.body_html && <button className="aima-quiet" onClick={() => setPlain(!plain)}>{plain ? 'As it looks' : 'As text'}</button>}
          </div>
          {mail.subject && <p className="aima-subjectline"><span>Subject</span>{mail.subject}</p>}
          {plain || !mail.body_html
            ? <pre className="aima-text">{mail.body_text}</pre>
            : <iframe className="aima-frame" title={`Message to ${mail.recipient}`} sandbox="allow-same-origin" onLoad={window.aima.fit} srcDoc={mail.body_html} />}
          <button className="aima-link aima-small" onClick={() => setEverybody(!everybody)}>{everybody ? 'Hide who got it' : 'Who got it'}</button>
          {everybody && <ul className="aima-people">{group.messages.map((one) => <li key={one.message_id}>{one.recipient}</li>)}{group.total > group.messages.length && <li>and {number(group.total - group.messages.length)} more</li>}</ul>}
        </div>
      )}
    </li>
  );
}

export default function Mailbox() {
  const { campaigns, total, listed } = props;
  return (
    <div className="aima-box">
      <ul className="aima-mails">{campaigns.map((group, i) => <Campaign key={i} group={group} first={i === 0} />)}</ul>
      {total > listed && <div className="aima-bar aima-foot">The newest {number(listed)} of {number(total)}</div>}
    </div>
  );
}

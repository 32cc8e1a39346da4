import { useState } from 'react';

export default function Mailbox() {
  const { total, messages } = props;
  const [open, setOpen] = useState(null);
  const [plain, setPlain] = useState(false);

  return (
    <div className="aima-box">
      <ul className="aima-mails">
        {messages.map((mail) => (
          <li key={mail.message_id}>
            <button className="aima-mail" aria-expanded={open === mail.message_id}
              onClick={() => setOpen(open === mail.message_id ? null : mail.message_id)}>
              <span className="aima-to">{mail.recipient}</span>
              <span className="aima-subject">{mail.subject}</span>
              <span className="aima-when">{mail.delivered_at.slice(0, 16).replace('T', ' ')}</span>
            </button>
            {open === mail.message_id && (
              <div className="aima-open">
                <button className="aima-quiet" onClick={() => setPlain(!plain)}>{plain ? 'Show HTML' : 'Show text'}</button>
                {plain || !mail.body_html
                  ? <pre className="aima-text">{mail.body_text}</pre>
                  : <iframe className="aima-frame" title="Message" sandbox="" srcDoc={mail.body_html} />}
              </div>
            )}
          </li>
        ))}
      </ul>
      {total > messages.length && <div className="aima-bar aima-foot">The newest {messages.length} of {total.toLocaleString('en-GB')}</div>}
    </div>
  );
}

import { useState } from 'react';
import { FileDown } from 'lucide-react';

// A file that is made when it is asked for; chat/downloads.py checks who asks and makes it.
export default function Download() {
  const { title, about, tool, arguments: asked, ending } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [said, setSaid] = useState('');

  async function download() {
    setBusy(true); setError(''); setSaid('');
    try {
      const answer = await callAction({ name: 'make_file', payload: { tool, arguments: asked } });
      const found = (answer && answer.response) || { error: 'AIMA did not answer. Try again.' };
      if (found.error) setError(found.error);
      else {
        const bytes = Uint8Array.from(atob(found.content), (letter) => letter.charCodeAt(0));
        window.aima.save(found.file_name.replace(/\.\w+$/, ''), ending, new Blob([bytes], { type: 'application/pdf' }));
        setSaid('Saved. It is of the newest fit.');
      }
    } catch (failure) {
      setError(String(failure));
    }
    setBusy(false);
  }

  return (
    <div className="aima-box aima-download">
      <div className="aima-bar">
        <span className="aima-title">{title}</span>
        <button className="aima-quiet" disabled={busy} onClick={download}><FileDown size={14} aria-hidden="true" /> {busy ? 'Writing…' : 'Download the PDF'}</button>
      </div>
      <p className="aima-small aima-inset">{about} <span role="status">{said}</span></p>
      {error && <p className="aima-error aima-inset" role="alert">{error}</p>}
    </div>
  );
}

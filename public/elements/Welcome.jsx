import { useState } from 'react';
import {
  ArrowDownRight, ArrowUpRight, BadgeDollarSign, CalendarDays, Check, Circle, CircleCheck, ClipboardCheck, Globe, Info,
  Lightbulb, Mail, Megaphone, Package, Plug, TrendingUp, TriangleAlert, Upload, UserMinus, X,
} from 'lucide-react';

const { figure, number, range } = window.aima;
const ICONS = {
  trend: TrendingUp, week: CalendarDays, product: Package, globe: Globe, leaving: UserMinus, value: BadgeDollarSign,
  advice: Lightbulb, ads: Megaphone, mail: Mail,
};
const TONES = { bad: TriangleAlert, wait: ClipboardCheck, note: Info };

function greeting() {
  const hour = new Date().getHours();
  const time = hour < 5 ? 'Good evening' : hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
  return props.name ? `${time}, ${props.name}` : time;
}

function Change({ line, days }) {
  if (line.change === null) return <small>{line.before === 0 ? `none in the ${days} days before` : 'nothing to compare with'}</small>;
  const amount = number(Math.abs(100 * line.change), 1);
  if (Math.abs(line.change) < 0.0005) return <small>as the {days} days before</small>;
  const up = line.change > 0;
  const Arrow = up ? ArrowUpRight : ArrowDownRight;
  return (
    <small className={up ? 'aima-up' : 'aima-down'}>
      <Arrow size={13} aria-hidden="true" /> {up ? 'up' : 'down'} {amount}%
    </small>
  );
}

function Figures() {
  const { figures, period } = props;
  return (
    <section aria-label={`The last ${period.days} days`}>
      <h3>Last {period.days} days <small>{range(period.start, period.end)}, against the {period.days} days before</small></h3>
      <div className="aima-now">
        {figures.map((line) => (
          <div key={line.metric}>
            <span>{line.title}</span>
            <b>{figure(line.now, line.unit, props.currency)}</b>
            <Change line={line} days={period.days} />
          </div>
        ))}
      </div>
    </section>
  );
}

function Cards() {
  const [gone, setGone] = useState([]);
  const [error, setError] = useState(null);
  const left = props.cards.filter((card) => !gone.includes(card.title));

  async function putAside(card) {
    const answer = await callAction({ name: 'mark_alerts_seen', payload: { alert_ids: card.alerts } });
    const problem = answer && answer.response && answer.response.error;
    setError(problem || null);
    if (answer && answer.response && !problem) setGone([...gone, card.title]);
  }

  if (!left.length) return null;
  return (
    <section className="aima-needs" aria-label="Needs your attention">
      <h3>Needs your attention</h3>
      {error && <p className="aima-error" role="alert">{error}</p>}
      <ul>{left.map((card) => {
        const Tone = TONES[card.tone] || Info;
        return (
          <li key={card.title} className={'aima-need ' + card.tone}>
            <Tone size={17} aria-hidden="true" />
            <div><b>{card.title}</b><p>{card.text}</p></div>
            <span className="aima-pages">
              {card.buttons.map(([label, message]) => (
                <button key={label} className="aima-quiet" onClick={() => sendUserMessage(message)}>{label}</button>
              ))}
              {props.can_mark && card.alerts.length > 0 && (
                <button className="aima-quiet aima-bare" aria-label={`Seen: ${card.title}`} title="Seen, do not show again" onClick={() => putAside(card)}><X size={14} aria-hidden="true" /></button>
              )}
            </span>
          </li>
        );
      })}</ul>
      {props.more > 0 && <button className="aima-link aima-small" onClick={() => sendUserMessage('Are there any alerts?')}>{props.more} more</button>}
    </section>
  );
}

function Steps() {
  const next = props.steps.findIndex((step) => !step.done);
  return (
    <section aria-label="First steps">
      <h3>First steps <small>{props.steps.filter((step) => step.done).length} of {props.steps.length} done</small></h3>
      <ol className="aima-steps">{props.steps.map((step, number) => (
        <li key={step.title} className={step.done ? 'done' : number === next ? 'next' : ''}>
          {step.done ? <CircleCheck size={19} aria-label="Done" /> : <Circle size={19} aria-hidden="true" />}
          <div>
            <b>{step.title}</b>
            {!step.done && <p>{step.text}</p>}
            {number === next && (
              <span className="aima-pages">
                {step.file && (
                  <button className="aima-go" onClick={() => document.getElementById('upload-button-input')?.click()}><Upload size={14} aria-hidden="true" /> {step.file}</button>
                )}
                {step.buttons.map(([label, message]) => (
                  <button key={label} className={step.file ? 'aima-quiet' : 'aima-go'} onClick={() => sendUserMessage(message)}>{step.file && <Plug size={14} aria-hidden="true" />}{label}</button>
                ))}
              </span>
            )}
          </div>
        </li>
      ))}</ol>
    </section>
  );
}

function Starters() {
  return (
    <section aria-label="Questions to begin with">
      <h3>Ask something</h3>
      <div className="aima-starters">{props.starters.map((starter) => {
        const Icon = ICONS[starter.icon] || Check;
        return (
          <button key={starter.label} className="aima-starter" title={starter.message} onClick={() => sendUserMessage(starter.message)}>
            <Icon size={17} aria-hidden="true" />
            <span><small>{starter.topic}</small>{starter.label}</span>
          </button>
        );
      })}</div>
    </section>
  );
}

export default function Welcome() {
  return (
    <div className="aima-home">
      <h2>{greeting()}</h2>
      {props.is_new && (
        <p className="aima-intro">
          AIMA answers questions about your customers and sales from your own data, and says where each figure comes
          from. It drafts campaigns; nothing is sent before a person approves it. Everything stays on your own machine.
        </p>
      )}
      {props.steps.length > 0 && <Steps />}
      {props.figures.length > 0 && props.period && <Figures />}
      <Cards />
      {props.starters.length > 0 && <Starters />}
    </div>
  );
}

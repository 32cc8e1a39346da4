import { useEffect, useRef, useState } from 'react';
import { Download, Image as Picture, Table2 } from 'lucide-react';

const { number } = window.aima;

// Draws what chat/figures.py decided: that file holds every colour, tick and word; here is only where things lie.
const FONT = 11.5;
const LINE = 15; // between two lines of a wrapped label
const MANY_LABELS = 12; // more marks than that are read by pointing at them
const NAMED_LINES = 4; // more lines than that have a legend instead of names at their ends
const HALF = 0.8; // of a heat map's scale: from there the cell is dark enough for white figures
const SCALE = 2; // pixels of a saved picture for each on the page

const ruler = document.createElement('canvas').getContext('2d');
function width(text, size = FONT) {
  ruler.font = `${size}px ${getComputedStyle(document.body).fontFamily || 'sans-serif'}`;
  return ruler.measureText(String(text)).width;
}
function widest(texts) {
  return texts.reduce((most, text) => Math.max(most, width(text)), 0);
}
function wrapped(text, room) {
  const lines = [];
  for (const word of String(text).split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && width(last + ' ' + word) <= room) lines[lines.length - 1] = last + ' ' + word;
    else lines.push(word);
  }
  return lines;
}
function known(value) {
  return value !== null && value !== undefined;
}

function Lines({ chart, w, at, point }) {
  const { x, ticks, series, partial } = chart;
  const under = chart.axis || x;
  const few = series.length > 1 && series.length <= NAMED_LINES;
  const h = 300, top = 16, bottom = h - 46;
  const left = widest(ticks.map((t) => t[1])) + 12;
  const right = w - (few ? Math.min(widest(series.map((s) => s.name)) + 26, w * 0.34) : 18);
  const [low, high] = [ticks[0][0], ticks[ticks.length - 1][0]];
  const px = (i) => (x.length < 2 ? (left + right) / 2 : left + (i * (right - left)) / (x.length - 1));
  const py = (v) => bottom - ((v - low) / (high - low)) * (bottom - top);
  const step = Math.max(1, Math.ceil((widest(under) + 14) / ((right - left) / Math.max(1, x.length - 1))));
  // Counted from the newest, so that the last step always has its label.
  const marks = x.map((_, i) => i).filter((i) => (x.length - 1 - i) % step === 0);
  const edge = (i) => (px(i) + width(under[i]) / 2 > w ? 'end' : px(i) - width(under[i]) / 2 < 0 ? 'start' : 'middle');
  const ends = few ? spread(series.map((s, n) => ({ n, y: py(last(s.values)) })).filter((e) => !Number.isNaN(e.y))) : [];
  // Where figures would run into each other, only the highest and the lowest are written.
  const gap = (right - left) / Math.max(1, x.length - 1), figure = widest(series[0].labels) + 6;
  const inner = series[0].values.filter(known);
  const peak = series[0].values.indexOf(Math.max(...inner)), lowest = series[0].values.indexOf(Math.min(...inner));
  const roomy = figure <= gap, bottommost = Math.abs(peak - lowest) * gap >= figure ? lowest : null;
  point.current = (mx) => Math.max(0, Math.min(x.length - 1, Math.round(((mx - left) / (right - left || 1)) * (x.length - 1))));
  return (
    <svg width={w} height={h}>
      {ticks.map(([v, text]) => (
        <g key={v}><line className="grid" x1={left} x2={right} y1={py(v)} y2={py(v)} />
          <text x={left - 8} y={py(v) + 4} textAnchor="end">{text}</text></g>
      ))}
      {marks.map((i) => <text key={i} x={edge(i) === 'end' ? w - 1 : px(i)} y={bottom + 18} textAnchor={edge(i)}>{under[i]}</text>)}
      <text className="axis" x={(left + right) / 2} y={h - 6} textAnchor="middle">{chart.x_title}</text>
      {at !== null && <line className="pointer" x1={px(at)} x2={px(at)} y1={top} y2={bottom} />}
      {series.map((s, n) => bands(s).map((band, b) => (
        <polygon key={`${n}-${b}`} className="band" fill={s.colour} fillOpacity={0.18}
          points={[...band.map((i) => `${px(i)},${py(s.high[i])}`), ...[...band].reverse().map((i) => `${px(i)},${py(s.low[i])}`)].join(' ')} />
      )))}
      {series.map((s, n) => (
        <g key={n} stroke={s.colour} fill="none" strokeWidth={2.25}>
          {runs(s.values, partial).map((run, r) => (
            <polyline key={r} strokeLinejoin="round" strokeDasharray={run.dashed ? '4 4' : undefined}
              points={run.points.map((i) => `${px(i)},${py(s.values[i])}`).join(' ')} />
          ))}
          {s.values.map((v, i) => known(v) && (x.length <= 40 || i === at) && (
            <circle key={i} cx={px(i)} cy={py(v)} r={i === at ? 5 : 3} fill={partial.includes(i) ? 'hsl(var(--card))' : s.colour} />
          ))}
        </g>
      ))}
      {series.length === 1 && x.length <= MANY_LABELS && series[0].values.map((v, i) => known(v) && (roomy || i === peak || i === bottommost) && (
        <text key={i} className="value" x={px(i)} y={py(v) - 9} textAnchor={i === 0 && x.length > 1 ? 'start' : edge(i) === 'end' ? 'end' : 'middle'}>{series[0].labels[i]}</text>
      ))}
      {ends.map(({ n, y }) => (
        <g key={n}><rect x={right + 9} y={y - 4} width={8} height={8} rx={2} fill={series[n].colour} />
          <text className="name" x={right + 22} y={y + 4}>{series[n].name}</text></g>
      ))}
    </svg>
  );
}
// Stretches over which a line has an interval around it: its band.
function bands(series) {
  const found = [];
  series.values.forEach((_, i) => {
    if (!ranged(series, i)) return;
    const band = found[found.length - 1];
    if (band && band[band.length - 1] === i - 1) band.push(i);
    else found.push([i]);
  });
  return found.filter((band) => band.length > 1);
}
function last(values) {
  const at = values.findLastIndex(known);
  return at < 0 ? NaN : values[at];
}
function spread(ends) {
  const sorted = [...ends].sort((a, b) => a.y - b.y);
  sorted.forEach((e, i) => { if (i) e.y = Math.max(e.y, sorted[i - 1].y + LINE); });
  return sorted;
}
// Stretches of a line without a gap; to a step that is not whole the line is dashed.
function runs(values, partial) {
  const found = [];
  values.forEach((v, i) => {
    if (!i || !known(v) || !known(values[i - 1])) return;
    const dashed = partial.includes(i) || partial.includes(i - 1);
    const run = found[found.length - 1];
    if (run && run.dashed === dashed && run.points[run.points.length - 1] === i - 1) run.points.push(i);
    else found.push({ dashed, points: [i - 1, i] });
  });
  return found;
}

function Bars({ chart, w, at, point }) {
  // They lie down where their names would collide.
  const room = (w - widest(chart.ticks.map((t) => t[1])) - 22) / chart.x.length;
  return widest(chart.x) + 8 > room ? <Lying chart={chart} w={w} at={at} point={point} /> : <Standing chart={chart} w={w} at={at} point={point} />;
}
function colour(series, i) {
  return series.colours ? series.colours[i] : series.colour;
}
// Where a bar begins: at nothing, or where the one before it ended; and the interval drawn over it, where it has one.
function from(series, i) {
  return series.starts ? series.starts[i] : 0;
}
function ranged(series, i) {
  return series.low && known(series.low[i]) && known(series.high[i]);
}
function Upright({ x, low, high }) {
  return (
    <g className="range"><line x1={x} x2={x} y1={low} y2={high} />
      {[low, high].map((y) => <line key={y} x1={x - 4} x2={x + 4} y1={y} y2={y} />)}</g>
  );
}
function Lying({ chart, w, at, point }) {
  const { x, ticks, series } = chart;
  const room = Math.min(widest(x) + 12, w * 0.4);
  const names = x.map((text) => wrapped(text, room - 10));
  const thick = series.length > 1 ? 11 : 16;
  const rows = names.map((lines) => Math.max(series.length * thick + 10, lines.length * LINE + 6));
  const starts = rows.map((_, i) => rows.slice(0, i).reduce((sum, r) => sum + r, 4));
  const h = rows.reduce((sum, r) => sum + r, 4) + 26;
  const beside = widest(series.flatMap((s) => s.labels)) + 10;
  const [low, high] = [ticks[0][0], ticks[ticks.length - 1][0]];
  const left = room + (low < 0 ? beside : 0), right = w - beside;
  const px = (v) => left + ((v - low) / (high - low)) * (right - left);
  point.current = (_, my) => starts.findLastIndex((s) => s <= my);
  const apart = (right - left) / Math.max(1, ticks.length - 1);
  const every = Math.max(1, Math.ceil((widest(ticks.map((t) => t[1])) + 10) / apart));
  return (
    <svg width={w} height={h}>
      {ticks.map(([v, text], i) => (
        <g key={v}><line className={v === 0 ? 'zero' : 'grid'} x1={px(v)} x2={px(v)} y1={2} y2={h - 22} />
          {i % every === 0 && <text x={px(v)} y={h - 7} textAnchor="middle">{text}</text>}</g>
      ))}
      {names.map((lines, i) => lines.map((text, n) => (
        <text key={`${i}-${n}`} className="name" x={room - 10} textAnchor="end" y={starts[i] + rows[i] / 2 + 4 + (n - (lines.length - 1) / 2) * LINE}>{text}</text>
      )))}
      {series.map((s, n) => s.values.map((v, i) => {
        if (!known(v)) return null;
        const y = starts[i] + rows[i] / 2 - (series.length * thick) / 2 + n * thick + 1;
        return (
          <g key={`${n}-${i}`} opacity={at === null || at === i ? 1 : 0.55}>
            <rect x={Math.min(px(from(s, i)), px(v))} y={y} width={Math.max(1, Math.abs(px(v) - px(from(s, i))))} height={thick - 2} rx={2} fill={colour(s, i)} />
            {ranged(s, i) && <g className="range"><line x1={px(s.low[i])} x2={px(s.high[i])} y1={y + thick / 2 - 1} y2={y + thick / 2 - 1} />
              {[s.low[i], s.high[i]].map((e) => <line key={e} x1={px(e)} x2={px(e)} y1={y + 3} y2={y + thick - 5} />)}</g>}
            <text className="value" x={v < 0 ? px(ranged(s, i) ? Math.min(v, s.low[i]) : v) - 6 : px(ranged(s, i) ? Math.max(v, s.high[i]) : v) + 6} y={y + thick / 2 + 3} textAnchor={v < 0 ? 'end' : 'start'}>{s.labels[i]}</text>
          </g>
        );
      }))}
    </svg>
  );
}
function Standing({ chart, w, at, point }) {
  const { x, ticks, series } = chart;
  const [low, high] = [ticks[0][0], ticks[ticks.length - 1][0]];
  const deep = low < 0 ? 14 : 0; // room for figures under bars that fall
  const h = 300 + deep, top = 22, bottom = h - 46 - deep;
  const left = widest(ticks.map((t) => t[1])) + 12, right = w - 10;
  const band = (right - left) / x.length;
  const thick = Math.min(46, (band * 0.72) / series.length);
  const py = (v) => bottom - ((v - low) / (high - low)) * (bottom - top);
  const labelled = widest(series.flatMap((s) => s.labels)) + 4 <= band / series.length;
  point.current = (mx) => Math.max(0, Math.min(x.length - 1, Math.floor((mx - left) / band)));
  return (
    <svg width={w} height={h}>
      {ticks.map(([v, text]) => (
        <g key={v}><line className={v === 0 ? 'zero' : 'grid'} x1={left} x2={right} y1={py(v)} y2={py(v)} />
          <text x={left - 8} y={py(v) + 4} textAnchor="end">{text}</text></g>
      ))}
      {x.map((text, i) => <text key={i} className="name" x={left + band * (i + 0.5)} y={bottom + 18 + deep} textAnchor="middle">{text}</text>)}
      <text className="axis" x={(left + right) / 2} y={h - 6} textAnchor="middle">{chart.x_title}</text>
      {series.map((s, n) => s.values.map((v, i) => known(v) && (
        <g key={`${n}-${i}`} opacity={at === null || at === i ? 1 : 0.55}>
          <rect x={left + band * (i + 0.5) - (series.length * thick) / 2 + n * thick} width={thick - 2} rx={2}
            y={Math.min(py(from(s, i)), py(v))} height={Math.max(1, Math.abs(py(v) - py(from(s, i))))} fill={colour(s, i)} />
          {ranged(s, i) && <Upright x={left + band * (i + 0.5) + (n - (series.length - 1) / 2) * thick - 1} low={py(s.low[i])} high={py(s.high[i])} />}
          {labelled && <text className="value" textAnchor="middle" y={v < 0 ? py(ranged(s, i) ? Math.min(v, s.low[i]) : v) + 13 : py(ranged(s, i) ? Math.max(v, s.high[i]) : v) - 6}
            x={left + band * (i + 0.5) + (n - (series.length - 1) / 2) * thick - 1}>{s.labels[i]}</text>}
        </g>
      )))}
    </svg>
  );
}

function Heat({ chart, w, at, point }) {
  const { x, series, top } = chart;
  const row = 26, head = 38;
  const left = widest([...series.map((s) => s.name), chart.y_title]) + 14;
  const column = Math.min(84, (w - left - 2) / Math.max(1, x.length));
  const figures = widest(series.flatMap((s) => s.words)) + 4 <= column;
  const sparse = Math.ceil((widest(x) + 4) / column);
  point.current = (mx, my) => {
    const [i, r] = [Math.floor((mx - left) / column), Math.floor((my - head) / row)];
    return i >= 0 && i < x.length && r >= 0 && r < series.length ? r * x.length + i : null;
  };
  return (
    <svg width={w} height={head + series.length * row + 4}>
      <text className="axis" x={left} y={12}>{chart.x_title}</text>
      <text className="axis" x={left - 10} y={30} textAnchor="end">{chart.y_title}</text>
      {x.map((text, i) => i % sparse === 0 && <text key={i} x={left + column * (i + 0.5)} y={30} textAnchor="middle">{text}</text>)}
      {series.map((s, r) => (
        <g key={r}>
          <text className="name" x={left - 10} y={head + row * (r + 0.5) + 4} textAnchor="end">{s.name}</text>
          {s.values.map((v, i) => known(v) && (
            <g key={i}>
              <rect x={left + column * i + 1} y={head + row * r + 1} width={column - 2} height={row - 2} rx={3}
                fill="#0f766e" fillOpacity={0.06 + 0.94 * (v / (top || 1))} className={at === r * x.length + i ? 'chosen' : ''} />
              {figures && <text x={left + column * (i + 0.5)} y={head + row * (r + 0.5) + 4} textAnchor="middle"
                className={v / (top || 1) > HALF ? 'inverse' : 'value'}>{s.words[i]}</text>}
            </g>
          ))}
        </g>
      ))}
    </svg>
  );
}

function Points({ chart, w, at, point }) {
  const h = Math.min(460, w * 0.62), pad = 14;
  const all = chart.series.flatMap((s, n) => s.values.map((y, i) => ({ n, i, y, x: s.across[i] })));
  const [x0, x1] = [Math.min(...all.map((p) => p.x)), Math.max(...all.map((p) => p.x))];
  const [y0, y1] = [Math.min(...all.map((p) => p.y)), Math.max(...all.map((p) => p.y))];
  const px = (v) => pad + ((v - x0) / (x1 - x0 || 1)) * (w - 2 * pad), py = (v) => h - pad - ((v - y0) / (y1 - y0 || 1)) * (h - 2 * pad);
  point.current = (mx, my) => {
    let best = null, near = 14 ** 2;
    all.forEach((p, k) => {
      const far = (px(p.x) - mx) ** 2 + (py(p.y) - my) ** 2;
      if (far < near) { near = far; best = k; }
    });
    return best;
  };
  return (
    <svg width={w} height={h}>
      {all.map((p, k) => <circle key={k} cx={px(p.x)} cy={py(p.y)} r={k === at ? 6 : 2.6} fill={chart.series[p.n].colour} fillOpacity={k === at ? 1 : 0.7} />)}
    </svg>
  );
}

function Parts({ chart, w, at, point }) {
  const { x, series: [s] } = chart;
  const r = 96, hole = 58, cx = r + 6, cy = 115;
  const longest = widest(x.map((text, i) => `${text}: ${s.shares[i]} (${s.words[i]})`));
  const below = 2 * r + 62 + longest > w; // the names stand under the ring where there is no room beside it
  const row = below ? 24 : Math.min(26, 220 / x.length), left = below ? 4 : 2 * r + 30;
  const start = below ? 2 * cy + 6 : cy - (row * x.length) / 2;
  const h = below ? start + row * x.length + 4 : 2 * cy;
  const whole = s.values.reduce((sum, v) => sum + (v || 0), 0) || 1;
  let from = 0;
  const slices = s.values.map((v) => { const start = from; from += (v || 0) / whole; return [start, from]; });
  const spot = (share, far) => [cx + far * Math.sin(2 * Math.PI * share), cy - far * Math.cos(2 * Math.PI * share)];
  const arc = ([a, b]) => {
    const end = Math.min(b, a + 0.9999), big = end - a > 0.5 ? 1 : 0;
    const [p, q, u, v] = [spot(a, r), spot(end, r), spot(end, hole), spot(a, hole)];
    return `M${p} A${r},${r} 0 ${big} 1 ${q} L${u} A${hole},${hole} 0 ${big} 0 ${v} Z`;
  };
  point.current = (mx, my) => {
    if (below ? my > start : mx > 2 * r + 16) { const i = Math.floor((my - start) / row); return i >= 0 && i < x.length ? i : null; }
    const far = Math.hypot(mx - cx, my - cy), turn = (Math.atan2(mx - cx, cy - my) / (2 * Math.PI) + 1) % 1;
    return far < hole || far > r ? null : slices.findIndex(([a, b]) => turn >= a && turn < b);
  };
  return (
    <svg width={w} height={h}>
      {slices.map((slice, i) => s.values[i] > 0 && <path key={i} d={arc(slice)} fill={s.colours[i]} className="slice" opacity={at === null || at === i ? 1 : 0.5} />)}
      {x.map((text, i) => (
        <g key={i}><rect x={left} y={start + row * i + row / 2 - 6} width={12} height={12} rx={3} fill={s.colours[i]} />
          <text className="name" x={left + 20} y={start + row * i + row / 2 + 4}>{text}: <tspan fontWeight="600">{s.shares[i]}</tspan> ({s.words[i]})</text></g>
      ))}
    </svg>
  );
}

const SHAPES = { line: Lines, bar: Bars, heatmap: Heat, scatter: Points, parts: Parts };

// What a pointer, or the arrow keys, are on: a heading and a line for each series.
function said(chart, at) {
  const { x, series } = chart;
  if (chart.shape === 'heatmap') {
    const [s, i] = [series[Math.floor(at / x.length)], at % x.length];
    return [`${chart.y_title} ${s.name}, ${chart.x_title.toLowerCase()} ${x[i]}`, [[null, s.words[i]]]];
  }
  if (chart.shape === 'scatter') {
    let left = at;
    const s = series.find((one) => { if (left < one.values.length) return true; left -= one.values.length; return false; });
    return [s.points[left], [[s.colour, s.name]]];
  }
  const lines = series.map((s) => [series.length > 1 ? s.colour : null, (series.length > 1 ? s.name + ': ' : '') + s.words[at] + (s.ranges && s.ranges[at] ? ` (${s.ranges[at]})` : '') + (s.shares ? ` (${s.shares[at]})` : '')]);
  return [x[at] + ((chart.partial || []).includes(at) ? ' (not a whole one)' : ''), lines];
}

function rowsOf(chart) {
  const { x, series } = chart;
  if (chart.shape === 'scatter') return [['Group', 'Customers'], series.map((s) => [s.name, number(s.values.length)])];
  if (chart.shape === 'heatmap') return [[chart.y_title, ...x], series.map((s) => [s.name, ...s.words])];
  const rows = x.map((text, i) => [text, ...series.map((s) => s.words[i] + (s.ranges && s.ranges[i] ? ` (${s.ranges[i]})` : ''))]);
  return [[chart.x_title, ...series.map((s) => s.name)], chart.shape === 'line' ? rows.reverse() : rows];
}

// The drawing with the colours it has on the page, its title and legend, as a picture file.
function savePicture(chart, box) {
  const drawn = box.querySelector('svg'), copy = drawn.cloneNode(true);
  const from = [drawn, ...drawn.querySelectorAll('*')], to = [copy, ...copy.querySelectorAll('*')];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'font-size', 'font-family', 'font-weight', 'opacity']) to[i].style.setProperty(name, style.getPropertyValue(name));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const [w, h] = [drawn.clientWidth || +drawn.getAttribute('width'), +drawn.getAttribute('height')], head = 40, foot = chart.series.length > 1 ? 26 : 8;
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [(w + 32) * SCALE, (h + head + foot) * SCALE];
    const pen = canvas.getContext('2d'), style = getComputedStyle(box);
    pen.scale(SCALE, SCALE);
    pen.fillStyle = style.backgroundColor; pen.fillRect(0, 0, w + 32, h + head + foot);
    pen.fillStyle = style.color; pen.font = `600 15px ${style.fontFamily}`; pen.fillText(chart.title, 16, 26);
    pen.drawImage(image, 16, head, w, h);
    let x = 16;
    if (chart.series.length > 1 && chart.shape !== 'heatmap') chart.series.forEach((s) => {
      pen.fillStyle = s.colour; pen.fillRect(x, h + head + 6, 10, 10);
      pen.fillStyle = style.color; pen.font = `12px ${style.fontFamily}`; pen.fillText(s.name, x + 15, h + head + 15);
      x += 30 + pen.measureText(s.name).width;
    });
    canvas.toBlob((blob) => window.aima.save(chart.title, 'png', blob));
  };
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(copy));
}

export default function Chart() {
  const chart = props;
  const box = useRef(null), field = useRef(null), point = useRef(() => null);
  const [w, setW] = useState(0);
  const [at, setAt] = useState(null);
  const [mouse, setMouse] = useState([0, 0]);
  const [asTable, setAsTable] = useState(false);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setW(Math.floor(entry.contentRect.width)));
    watch.observe(field.current);
    return () => watch.disconnect();
  }, []);
  const Drawing = SHAPES[chart.shape];
  const [head, rows] = rowsOf(chart);
  const count = chart.shape === 'scatter' || chart.shape === 'heatmap' ? 0 : chart.x.length;

  function move(e) {
    const place = field.current.getBoundingClientRect();
    const spot = [e.clientX - place.left, e.clientY - place.top];
    setMouse(spot);
    setAt(point.current(...spot));
  }
  function key(e) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (!by || !count) return;
    e.preventDefault();
    setMouse([w / 2, 8]);
    setAt(at === null ? (by > 0 ? 0 : count - 1) : Math.max(0, Math.min(count - 1, at + by)));
  }
  const [heading, lines] = at !== null && at >= 0 ? said(chart, at) : [null, []];
  return (
    <div className="aima-box aima-chart" ref={box}>
      <div className="aima-bar">
        <span className="aima-title">{chart.title}</span>
        <button className="aima-quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}><Table2 size={14} /> Table</button>
        {!asTable && <button className="aima-quiet" onClick={() => savePicture(chart, box.current)} title="Save the chart as a picture"><Picture size={14} /> PNG</button>}
        <button className="aima-quiet" title="Save the figures as CSV" onClick={() => window.aima.saveRows(chart.title, chart.file.head, chart.file.rows)}><Download size={14} /> CSV</button>
      </div>
      <div className="aima-drawing" ref={field}>
        {asTable ? (
          <div className="aima-scroll"><table className="aima-table"><thead><tr>{head.map((text, i) => <th key={i} className={i ? 'num' : ''}><span>{text}</span></th>)}</tr></thead>
            <tbody>{rows.map((row, r) => <tr key={r}>{row.map((cell, i) => <td key={i} className={i ? 'num' : ''}>{cell}</td>)}</tr>)}</tbody></table></div>
        ) : w > 0 && (
          <div className="aima-pointed" role="img" tabIndex={count ? 0 : -1} aria-label={`Chart: ${chart.title}. ${heading ? heading + ': ' + lines.map((l) => l[1]).join(', ') : 'The button Table shows its figures.'}`}
            onMouseMove={move} onMouseLeave={() => setAt(null)} onClick={move} onKeyDown={key} onBlur={() => setAt(null)}>
            <Drawing chart={chart} w={w} at={at} point={point} />
            {heading && (
              <div className="aima-tip" style={{ left: Math.max(0, Math.min(mouse[0] + 14, w - 230)), top: Math.max(0, mouse[1] - 12) }}>
                <b>{heading}</b>{lines.map(([paint, text], i) => <span key={i}>{paint && <i style={{ background: paint }} />}{text}</span>)}
              </div>
            )}
          </div>
        )}
      </div>
      {!asTable && chart.series.length > 1 && chart.shape !== 'heatmap' && !(chart.shape === 'line' && chart.series.length <= NAMED_LINES) && (
        <div className="aima-legend">{chart.series.map((s, i) => <span key={i}><i style={{ background: s.colour }} />{s.name}</span>)}</div>
      )}
      {chart.note && <p className="aima-small aima-inset">{chart.note}</p>}
    </div>
  );
}

"""The report: counts by kind, times, and on request the open requests of one verdict with their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evals.asking import Outcome
from evals.judge import VERDICTS
from evals.request import KINDS

_TITLES = ("right", "refused", "asked back", "wrong", "failed", "to be read")  # of VERDICTS


def table(title: str, outcomes: Sequence[Outcome]) -> str:
    """Right, refused, asked back, wrong by kind; columns without a count are left out."""
    counts = {kind: Counter(o.verdict for o in outcomes if o.request.kind == kind) for kind in KINDS}
    total = Counter(outcome.verdict for outcome in outcomes)
    columns = [(c, t) for c, t in zip(VERDICTS, _TITLES, strict=True) if total[c] or c in VERDICTS[:4]]
    lines = [f"{title:<14}" + f"{'n':>6}" + "".join(f"{heading:>12}" for _, heading in columns)]
    for kind in KINDS:
        if number := sum(counts[kind].values()):
            lines.append(f"{kind:<14}{number:>6}" + "".join(f"{counts[kind][c]:>12}" for c, _ in columns))
    shares = "".join(f"{f'{total[c]} ({100 * total[c] / len(outcomes):.0f} %)':>12}" for c, _ in columns)
    return "\n".join([*lines, f"{'all':<14}{len(outcomes):>6}{shares}"])


def times(outcomes: Sequence[Outcome]) -> str:
    """Median and 95th percentile of the time of an answer."""
    seconds = sorted(second for outcome in outcomes for second in outcome.seconds)
    if not seconds:
        return "no answer"
    middle, late = seconds[len(seconds) // 2], seconds[min(int(len(seconds) * 0.95), len(seconds) - 1)]
    return f"{len(seconds)} answers: median {middle:.2f} s, 95 % within {late:.2f} s"


def shown(outcome: Outcome, found: Sequence[object]) -> str:
    """One request with its answer, for people."""
    request = outcome.request
    asked = "\n".join(f"  > {turn}" for turn in request.turns)
    wanted = [f"  readings: {', '.join(map(_short, found))}"] if found else []
    wanted += [f"  mention: {list(request.mention)}"] if request.mention else []
    wanted += ["  right is to say that it cannot"] if request.refuse else []
    answer = "\n".join(f"  | {line}" for line in outcome.text.strip().splitlines() if line.strip())
    rows = [f"  # {table.title}: {[list(row) for row in table.rows[:3]]}" for table in outcome.tables]
    return "\n".join(
        [f"{request.id} ({request.shop}, {request.kind}): {outcome.verdict}", asked, *wanted, answer, *rows]
    )


def readings(found: Sequence[object]) -> list[str]:
    """Readings as people read them."""
    return [_short(reading) for reading in found]


def _short(reading: object) -> str:
    text = f"{reading:,.4f}".rstrip("0").rstrip(".") if isinstance(reading, float) else str(reading)
    return text if len(text) <= 160 else text[:157] + "…"

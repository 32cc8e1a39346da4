"""`python -m evals`: ask everything, count what is right.

python -m evals                      both parts, by kind; texts of the part set aside are never shown
python -m evals --show wrong         the open requests of a verdict, with the answers
python -m evals --questions FILE     a file in the other format (evals/foreign.py) as well
python -m evals --truths             the readings of the open requests, nothing is asked
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evals import foreign, home, report
from evals.asking import Outcome, ask_all
from evals.expected import ExpectedOf
from evals.judge import VERDICTS, Expected
from evals.request import PARTS, Request, load
from evals.shops import SHOPS

if TYPE_CHECKING:
    from database.engine import Database

OTHER = "other file"
Wanted = list[tuple[str, Request, Expected]]


def main() -> None:
    """Run what the command line asks for."""
    options = _options()
    # Threads of linear algebra that wait for each other would only spin.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    asked = _chosen(options)
    keys = {request.shop for _, request in asked}
    for key in sorted(keys):
        if missing := SHOPS[key].missing:
            print(f"Left out, {missing}: {sum(request.shop == key for _, request in asked)} requests.")
    with home.opened(options.home, keys) as (session, ready):
        wanted = _with_truths(session.database, ready, asked)
        if options.truths:
            _print_truths(wanted, show_held_out=options.show_held_out)
            return
        organisations = {key: org_id for key, (org_id, _) in ready.items()}
        pairs = [(request, truths) for _, request, truths in wanted]
        outcomes = asyncio.run(ask_all(session, organisations, pairs, at_once=options.at_once))
    _print(options, wanted, outcomes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--home", default="default", metavar="NAME", help="name of the data folder, kept between runs")
    parser.add_argument("--part", choices=[*PARTS, "both"], default="both", help="which requests")
    parser.add_argument("--kind", help="one kind only")
    parser.add_argument("--shop", choices=sorted(SHOPS), help="one shop only")
    parser.add_argument("--id", help="one request only")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="a file in the other format, too")
    parser.add_argument("--show", action="append", choices=VERDICTS, default=[], help="print open requests judged so")
    parser.add_argument("--show-held-out", action="store_true", help="print those set aside, too")
    parser.add_argument("--truths", action="store_true", help="print the readings; ask nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes (open part and other file)")
    parser.add_argument("--at-once", type=int, default=1, metavar="N", help="conversations side by side (with a model)")
    return parser.parse_args()


def _chosen(options: argparse.Namespace) -> list[tuple[str, Request]]:
    parts = PARTS if options.part == "both" else (options.part,)
    asked: list[tuple[str, Request]] = [(part, request) for part in parts for request in load(part)]
    if options.questions:
        asked += [(OTHER, request) for request in foreign.read(options.questions)]
    filters = {"kind": options.kind, "shop": options.shop, "id": options.id}
    return [
        (part, request)
        for part, request in asked
        if all(value is None or getattr(request, name) == value for name, value in filters.items())
    ]


def _with_truths(database: Database, ready: home.Ready, asked: list[tuple[str, Request]]) -> Wanted:
    expected = {key: ExpectedOf(rows) for key, (_, rows) in ready.items()}
    wanted: Wanted = []
    for part, request in asked:
        if request.shop not in ready:
            continue
        try:
            given = foreign.given(database, ready[request.shop][0], request)
            wanted.append((part, request, given or expected[request.shop].of(request)))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # Nothing to count on this very day, or a query of another format's file that asks for what was renamed.
            print(f"Left out, {request.id}: its truth cannot be computed ({error!r}).")
    for each in expected.values():
        each.keep()
    return wanted


def _print_truths(wanted: Wanted, *, show_held_out: bool) -> None:
    for part, request, truths in wanted:
        if part == "held_out" and not show_held_out:
            continue
        print(f"{request.id} ({request.shop}, {request.kind}) {' / '.join(request.turns)}")
        for group in (truths.any, *truths.all):
            if group:
                print("    " + " | ".join(report.readings(group)))


def _print(options: argparse.Namespace, wanted: Wanted, outcomes: Sequence[Outcome]) -> None:
    by_part: dict[str, list[tuple[Outcome, Expected]]] = {part: [] for part in (*PARTS, OTHER)}
    for (part, _, truths), outcome in zip(wanted, outcomes, strict=True):
        by_part[part].append((outcome, truths))
    told = [pair for part in by_part if part != "held_out" or options.show_held_out for pair in by_part[part]]
    for outcome, truths in told:
        if outcome.verdict in options.show:
            print(report.shown(outcome, [value for group in (truths.any, *truths.all) for value in group]), end="\n\n")
    for part, found in by_part.items():
        if found:
            print(report.table(part.replace("_", " "), [outcome for outcome, _ in found]), end="\n\n")
    print(report.times(outcomes))
    if options.json:
        records = [
            {
                "id": o.request.id,
                "verdict": o.verdict,
                "text": o.text,
                "tools": list(o.tools),
                "seconds": list(o.seconds),
            }
            for o, _ in told
        ]
        options.json.write_text(json.dumps(records, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

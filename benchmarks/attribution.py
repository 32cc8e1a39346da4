"""Attribution of a million journeys: every rule and model of ours against a plain pandas loop over the journeys.

    python benchmarks/attribution.py [--journeys 1000000] [--channels 50] [--baseline 100000] [--seed 1]

Journeys are drawn: lengths geometric (mean 4, at most 30), channels by a power law, 15 % convert. The baseline credits
first, last, linear, time decay, position and equal shares by walking over each journey with plain Python, as a first
script would, and takes Markov removal effects by solving the chain anew without each channel. It is given fewer
journeys; its time is stated for as many as ours, in proportion, and its credits must be ours on the journeys it had.
Time is processor time of one process with one thread for linear algebra.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict

import numpy as np

from analytics.attribution.credit import METHODS, credits_of
from analytics.attribution.journeys import Journeys

WALKED = ("first", "last", "linear", "time_decay", "position", "shapley")
HALF_LIFE = 7.0


def drawn(count: int, channels: int, seed: int) -> Journeys:
    """Journeys of a shop that does not exist."""
    rng = np.random.default_rng(seed)
    lengths = np.minimum(rng.geometric(0.25, count), 30)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    weight = 1 / np.arange(1, channels + 1) ** 0.8
    codes = rng.choice(channels, size=starts[-1], p=weight / weight.sum()).astype(np.int64)
    won = (rng.random(count) < 0.15).astype(np.float64)
    ages = rng.uniform(0, 30, starts[-1])
    return Journeys(tuple(f"c{n}" for n in range(channels)), codes, starts, won, 50 * won, 1 - won, ages)


def walked(journeys: Journeys) -> dict[str, np.ndarray]:
    """The rules by a loop over journeys."""
    credit: dict[str, dict[int, float]] = {rule: defaultdict(float) for rule in WALKED}
    for number in range(journeys.size):
        begin, end = journeys.starts[number], journeys.starts[number + 1]
        won = float(journeys.conversions[number])
        if not won:
            continue
        path, ages = journeys.codes[begin:end].tolist(), journeys.ages[begin:end].tolist()  # type: ignore[index]
        credit["first"][path[0]] += won
        credit["last"][path[-1]] += won
        decay = [2 ** (-age / HALF_LIFE) for age in ages]
        for place, code in enumerate(path):
            credit["linear"][code] += won / len(path)
            credit["time_decay"][code] += won * decay[place] / sum(decay)
            credit["position"][code] += won * _position(place, len(path))
        for code in set(path):
            credit["shapley"][code] += won / len(set(path))
    width = len(journeys.channels)
    return {rule: np.array([found[code] for code in range(width)]) for rule, found in credit.items()}


def _position(place: int, length: int) -> float:
    if length < 3:
        return 1 / length
    return 0.4 if place in (0, length - 1) else 0.2 / (length - 2)


def solved_anew(journeys: Journeys) -> np.ndarray:
    """Markov credits by taking each channel out of a chain counted in a loop."""
    width = len(journeys.channels)
    start, won, lost = width, width + 1, width + 2
    counts = np.zeros((width + 3, width + 3))
    for number in range(journeys.size):
        path = journeys.codes[journeys.starts[number] : journeys.starts[number + 1]].tolist()
        for here, there in zip([start, *path], [*path, won if journeys.conversions[number] else lost], strict=True):
            counts[here, there] += 1
    moves = counts[: width + 1] / np.maximum(counts[: width + 1].sum(axis=1, keepdims=True), 1)
    rates = []
    for without in (None, *range(width)):
        left = moves.copy()
        if without is not None:
            left[:, without] = 0
        inside = left[:, : width + 1]
        rates.append(np.linalg.solve(np.eye(width + 1) - inside, left[:, won])[start])
    effects = 1 - np.array(rates[1:]) / rates[0]
    return np.asarray(effects / effects.sum() * journeys.conversions.sum())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--channels", type=int, default=50)
    parser.add_argument("--baseline", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    journeys = drawn(asked.journeys, asked.channels, asked.seed)
    fewer = journeys.only(np.arange(journeys.size) < asked.baseline)
    begin = time.process_time()
    rules = walked(fewer)
    loop = (time.process_time() - begin) * asked.journeys / asked.baseline
    begin = time.process_time()
    chain = solved_anew(fewer)
    anew = (time.process_time() - begin) * asked.journeys / asked.baseline
    for rule, found in {**rules, "markov": chain}.items():
        ours = credits_of(fewer, rule)[0]
        assert np.allclose(ours, found, atol=1e-6), rule  # equal before quick
    seconds = {}
    for method in METHODS:
        begin = time.process_time()
        credits_of(journeys, method)
        seconds[method] = time.process_time() - begin
    ours = sum(seconds[rule] for rule in WALKED)
    out = sys.stdout.write
    out(f"{asked.journeys:,} journeys, {asked.channels} channels, {journeys.codes.size:,} touches\n")
    out(f"six rules     ours {ours:7.2f} s   loop {loop:7.1f} s   {loop / ours:6.1f} times\n")
    out(f"markov        ours {seconds['markov']:7.2f} s   loop {anew:7.1f} s   {anew / seconds['markov']:6.1f} times\n")
    out(f"data-driven   ours {seconds['data_driven']:7.2f} s   (nothing to set it against)\n")
    out(f"all methods   ours {sum(seconds.values()):7.2f} s\n")


if __name__ == "__main__":
    main()

"""Spend tables with a column for each channel, turned into a row for each day and channel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from connectors.files.appearance import appearance
from connectors.files.batch import LINE, Batch, Problem

ALWAYS = 0.98
FEWEST = 2
SPEND = (
    r"(?i)(?:^|[\s_.-]+|\b)(?:ad[\s_-]?)?"
    r"(?:spend|spent|cost|costs|ausgaben|kosten|depenses?|gastos?|spesa|uitgaven)\b"
)
PLATFORM = re.compile(
    r"(?i)\b(?:google|adwords|facebook|instagram|meta|tiktok|youtube|bing|microsoft|linkedin|pinterest|snapchat|reddit"
    r"|twitter|amazon|criteo|taboola|outbrain|tv|radio|print|billboards?|ooh|podcasts?|newsletter|affiliates?"
    r"|influencers?|display|search|shopping|direct[ _-]?mail|e-?mail|sms)\b"
)
# What is left of "Cost per click", "Amount spent (EUR)", "Total cost": a measure, no channel.
MEASURE = re.compile(
    r"(?i)[(/%]|\b(?:per|pro|par|por|amount|average|avg|total|sum|of|results?|conv\w*|clicks?|impr\w*|budget|limit"
    r"|media|net|gross|tax|shipping|unit|product|goods|item|order|daily|weekly|monthly)\b"
)
COLUMNS = ("day", "channel", "spend")


@dataclass(frozen=True, slots=True)
class Wide:
    """A table of days with a column for each channel: the column of days, the channels by column, what is left.

    `named`: the headers speak of spend; else only platforms and amounts do.
    """

    header: tuple[str, ...]
    day: str
    channels: dict[str, str]
    left: tuple[str, ...]
    named: bool

    @property
    def said(self) -> str:
        """What was taken for what."""
        rest = f"; not read: {', '.join(self.left)}" if self.left else ""
        return f"Each of the columns {', '.join(self.channels)} was read as the spend of a channel{rest}."

    def batches(self, wide: Iterable[Batch]) -> Iterator[Batch]:
        """Rows of day, channel and spend, numbered anew, for one line gives several; empty cells give none."""
        done = 0
        for batch in wide:
            frame = self.rows(batch.frame)
            lines = pl.Series(LINE, range(done + 1, done + frame.height + 1), dtype=pl.Int64)
            done += frame.height
            problems = [
                Problem(done + n, p.column, p.value, f"{p.reason} (line {p.line} of the file)")
                for n, p in enumerate(batch.problems, start=1)
            ]
            done += len(problems)
            yield Batch(frame.with_columns(lines), problems, batch.share)

    def rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Day, channel and spend of some lines."""
        named = frame.select(pl.col(LINE), pl.col(self.day).alias("day"), *(pl.col(c) for c in self.channels))
        long = named.unpivot(on=list(self.channels), index=[LINE, "day"], variable_name="channel", value_name="spend")
        known = long.filter(pl.col("spend").str.strip_chars() != "").sort(LINE, maintain_order=True)
        return known.with_columns(pl.col("channel").replace(self.channels)).select(*COLUMNS)


def wide_spend(header: Sequence[str], sample: pl.DataFrame) -> Wide | None:
    """How a table is wide; None where it is not: one column of days, all others numbers, two or more channels."""
    channels = {name: channel for name in header if (channel := channel_of(name))}
    if len(channels) < FEWEST:
        return None
    looks = {name: appearance(sample[name]) for name in header}
    days = [name for name in header if looks[name].dates >= ALWAYS]
    numbers = all(looks[n].numbers >= ALWAYS or looks[n].is_empty for n in header if n not in days)
    if len(days) != 1 or not numbers or days[0] in channels or len(set(channels.values())) < len(channels):
        return None
    named = all(re.search(SPEND, name.replace("_", " ")) for name in channels)
    if not named and not any(looks[name].decimals for name in channels):
        return None  # visits or clicks of each channel, perhaps
    left = tuple(name for name in header if name not in channels and name != days[0])
    return Wide(tuple(header), days[0], channels, left, named)


def channel_of(name: str) -> str | None:
    """The channel a column's name says it is the spend of; None where it says anything else."""
    rest = re.sub(SPEND, "", name.replace("_", " ")).strip(" -.:()")
    if rest == name.replace("_", " ").strip():
        return rest if PLATFORM.search(rest) and len(PLATFORM.sub("", rest).strip(" -").split()) <= 1 else None
    return rest if re.search(r"[^\W\d]", rest) and not MEASURE.search(rest) else None

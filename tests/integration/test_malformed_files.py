"""Whatever a file is, reading it ends soon: with an account that balances, or with an error that says why."""

from __future__ import annotations

import random
import resource
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.files.batch import Batch
from connectors.files.conversion import Conversion
from connectors.files.known_exports import recognised
from connectors.files.mapping import Mapping, mapping_by, propose_mapping
from connectors.files.preparation import Preparation, rows_of
from connectors.files.reading import TableFile
from core.decisions import Decisions
from core.errors import AimaError
from tests.malformed_files import COSTLY, MAKERS

LATEST = datetime(2027, 1, 1, tzinfo=UTC)
SECONDS, PER_MEGABYTE = 5.0, 0.5
MEMORY = 3 << 20  # KiB; the peak of this process


def account(path: Path) -> tuple[int, int, int] | None:
    """(rows read, accepted, lines rejected) of a file; None where it is refused."""
    try:
        table = TableFile.open(path)
        preset = recognised(table.header)
        mapping: Mapping = mapping_by(preset, table.header) if preset else propose_mapping(table.header, table.sample)
        preparation = Preparation(mapping, table.header, Decisions())
        sample = Preparation(mapping, table.header, Decisions()).rows(table.sample)
        plan = Conversion.plan(mapping, sample, time_zone="UTC", latest=LATEST, delimiter=table.format.delimiter)
        read = accepted = 0
        rejected: set[int] = set()
        for batch in table.batches():
            ready = preparation.rows(batch.frame)
            frame, problems = plan.apply(Batch(rows_of(ready, mapping, mapping.kind), batch.problems))
            read += batch.frame.height + len(batch.problems)
            accepted += frame.height
            rejected |= {problem.line for problem in problems}
    except AimaError:
        return None
    return read, accepted, len(rejected)


def check(folder: Path, maker: str, seed: int) -> None:
    path = folder / "file"
    path.write_bytes(MAKERS[maker](random.Random(f"{maker} {seed}")))
    started = time.process_time()
    found = account(path)
    seconds = time.process_time() - started
    assert seconds < SECONDS + PER_MEGABYTE * path.stat().st_size / (1 << 20) + (30 if maker == "bomb" else 0)
    if found is not None:
        read, accepted, rejected = found
        assert accepted + rejected == read


@pytest.mark.parametrize("maker", MAKERS)
def test_malformed_files_end_in_an_account_or_a_reason(tmp_path: Path, maker: str) -> None:
    for seed in range(1 if maker in COSTLY else 8):
        check(tmp_path, maker, seed)


@pytest.mark.slow
@pytest.mark.parametrize("maker", MAKERS)
def test_two_thousand_malformed_files(tmp_path: Path, maker: str) -> None:
    for seed in range(20 if maker in COSTLY else 140):
        check(tmp_path, maker, seed)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MEMORY

"""A data folder of the evaluation's own, kept between runs: the shops are imported, scored and grouped once."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pandas as pd

from evals.shops import DEMO_TABLES, SHOPS, Rows, Shop

if TYPE_CHECKING:
    from cli.session import Session
    from database.engine import Database

Ready = dict[str, tuple[UUID, Rows]]
"""Of each shop that can be had here: its organisation and its raw rows."""
DEMO_AGES = timedelta(days=2)
"""A demo shop older than that is built anew: its last day is what "today" means to it."""


def folder(name: str) -> Path:
    """The data folder called `name`; others may pass through it (PostgreSQL runs as another user), not look into it."""
    root = Path("/var/lib") if os.access("/var/lib", os.W_OK) else Path(tempfile.gettempdir())
    home = root / f"aima-evals-{name}"
    home.mkdir(mode=0o711, exist_ok=True)
    home.chmod(0o711)
    return home


@contextmanager
def opened(name: str, keys: set[str]) -> Iterator[tuple[Session, Ready]]:
    """Engines, and the organisation and raw rows of each shop in `keys` that can be had here."""
    from cli import session as product

    home = folder(name)
    with product.opened(home) as session:
        ready = {key: _ready(session, home, SHOPS[key]) for key in sorted(keys) if SHOPS[key].missing is None}
        yield session, ready


def _ready(session: Session, home: Path, shop: Shop) -> tuple[UUID, Rows]:
    rows = Rows(shop, shop.file or home / "demo_tables")
    return _imported(session.database, home, rows), rows


def _imported(database: Database, home: Path, rows: Rows) -> UUID:
    """The shop's organisation: another file is another one, so that no row of an older file stays."""
    from tools.people.accounts import find_organisation

    shop = rows.shop
    slug = f"{shop.slug}-{rows.fingerprint[:8]}" if shop.file else shop.slug
    done = home / f"{slug}.done"
    found = find_organisation(database, slug)
    if found is not None and done.exists() and (shop.file or _fresh(done, rows.source)):
        return found
    say = _said(shop)
    org_id = _loaded(database, shop, slug, say)
    _scored(database, org_id, say)
    if shop.file is None:
        _export(database, org_id, home / "demo_tables")
    done.write_text(datetime.now().astimezone().isoformat())
    return org_id


def _loaded(database: Database, shop: Shop, slug: str, say: Callable[[str], None]) -> UUID:
    from cli.session import shell_identity
    from cli.shops import load_demo
    from core.clock import utc_now
    from tools.imports.load import import_file
    from tools.people.accounts import ensure_organisation

    if shop.file is None:
        return load_demo(database, customers=2_000, seed=7, now=utc_now(), report=say)
    org_id = ensure_organisation(database, slug, name=shop.title, currency=shop.currency)
    rejects = Path(tempfile.gettempdir()) / f"aima-evals-{shop.slug}.rejects.csv"
    result = import_file(database, shell_identity(org_id), shop.file, rejects=rejects)
    say(f"{result.read:,} rows read, {result.rejected:,} rejected")
    return org_id


def _scored(database: Database, org_id: UUID, say: Callable[[str], None]) -> None:
    from cli.session import shell_identity
    from cli.shops import score_now
    from core.clock import utc_now
    from tools.segments.run import segment_organisation

    score_now(database, org_id, say)
    segment_organisation(database, shell_identity(org_id), utc_now(), lambda _share, what: say(what))


def _export(database: Database, org_id: UUID, target: Path) -> None:
    """The demo shop's rows as files, for truths that the product's own queries have no part in."""
    from sqlalchemy import text

    target.mkdir(exist_ok=True)
    with database.transaction(org_id) as connection:
        for name in DEMO_TABLES:
            frame = pd.read_sql(text(f"select * from {name}"), connection)
            _plain(frame.drop(columns="org_id")).to_parquet(target / f"{name}.parquet", index=False)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Decimals as floats, instants as clock times in UTC, documents as text."""
    for column in frame.columns:
        values = frame[column]
        kinds = {type(value).__name__ for value in values.dropna().head(50)}
        if isinstance(values.dtype, pd.DatetimeTZDtype):
            frame[column] = values.dt.tz_convert("UTC").dt.tz_localize(None)
        elif "Decimal" in kinds:
            frame[column] = values.astype(float)
        elif kinds & {"dict", "list", "UUID"}:
            frame[column] = values.map(str)
        elif "date" in kinds:
            frame[column] = pd.to_datetime(values)
    return frame


def _fresh(done: Path, tables: Path) -> bool:
    young = datetime.now().astimezone() - datetime.fromisoformat(done.read_text()) < DEMO_AGES
    return young and all((tables / f"{name}.parquet").exists() for name in DEMO_TABLES)


def _said(shop: Shop) -> Callable[[str], None]:
    return lambda words: print(f"{shop.title}: {words}", file=sys.stderr, flush=True)

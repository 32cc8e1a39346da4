"""The account of a file while it is imported: what was read of it, and what became of its rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.files.rejects import RejectsFile
from database.loading.load import Load
from database.loading.merge import Counts
from database.loading.summary import OrdersBrought, orders_brought
from database.queries.organisations import profile, set_time_zone
from tools.imports.clocks import note_other_zones
from tools.imports.fingerprint import Earlier
from tools.imports.intake import ImportProgress, Intake, OnProgress, stage
from tools.imports.report import ImportResult, OrderFigures, TableChange

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["FEW", "Account", "changes", "order_figures", "waiting", "write"]

FEW = 2_000  # customers an import may touch and have named


@dataclass(frozen=True, slots=True)
class Account:
    """Rows read and taken, what became of them by table, and the orders they make."""

    plan: Intake
    rejected: RejectsFile
    started: float
    read: int
    accepted: int
    counts: Table[str, Counts] = field(default_factory=dict)
    touched: list[int] | None = field(default_factory=list)
    orders: list[OrdersBrought] = field(default_factory=list)
    currency: str = ""

    @classmethod
    def known(cls, plan: Intake, rejected: RejectsFile, started: float, earlier: Earlier) -> Account:
        """Of a file that was imported before, and still stands."""
        read, accepted, counts = earlier.account()
        return cls(plan, rejected, started, read, accepted, counts)

    def result(
        self, *, number: int | None = None, dry_run: bool = False, known: bool = False, anew: bool = False
    ) -> ImportResult:
        """The account as it is told. `anew`: something was undone for it, so whose scores it changes is not known."""
        total, seconds = sum(self.counts.values(), Counts()), time.perf_counter() - self.started
        return ImportResult(
            file=self.plan.table.path.name,
            kind=self.plan.mapping.kind,
            mapping=self.plan.mapping,
            read=self.read,
            accepted=self.accepted,
            rejected=self.rejected.lines,
            inserted=total.inserted,
            updated=total.updated,
            unchanged=total.unchanged,
            seconds=seconds,
            rows_per_second=self.read / seconds,
            rejects_path=self.rejected.path if self.rejected.lines else None,
            tables=changes(self.counts),
            dry_run=dry_run,
            known=known,
            decisions=list(self.plan.decisions),
            touched=None if anew else self.touched,
            number=number,
            orders=order_figures(self.orders),
            currency=self.currency or self.plan.currency,
        )


def write(
    connection: Connection, plan: Intake, load: Load, rejected: RejectsFile, tell: OnProgress, started: float
) -> Account:
    """Read, stage and merge a file."""
    if plan.told_zone is not None:
        set_time_zone(connection, plan.told_zone)
        note_other_zones(connection, plan.told_zone, plan.decisions)
    read, accepted = stage(plan, load, rejected, tell)
    counts = load.finish(lambda table: tell(ImportProgress(phase=f"writing {table}", rows=read, share=1)))
    first = counts.get("orders", Counts()).was_empty
    orders = orders_brought(connection, load.staging, load.number, first=first)
    currency = profile(connection).currency  # the file may have told it
    return Account(plan, rejected, started, read, accepted, counts, load.touched(FEW), orders, currency)


def waiting(tell: OnProgress) -> Callable[[], None]:
    """What to do while another load has its turn: say so."""
    words = "waiting for another import of this organisation"
    return lambda: tell(ImportProgress(phase=words, rows=0, share=0))


def changes(counts: Table[str, Counts]) -> dict[str, TableChange]:
    """Counts as they are told."""
    return {
        table: TableChange(inserted=c.inserted, updated=c.updated, unchanged=c.unchanged) for table, c in counts.items()
    }


def order_figures(orders: list[OrdersBrought]) -> list[OrderFigures]:
    """Orders as they are told."""
    return [
        OrderFigures(kind=one.kind, currency=one.currency, orders=one.orders, revenue=one.revenue) for one in orders
    ]

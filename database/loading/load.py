"""One load: stage rows of any shape, then merge them all in the order they depend on each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, text

from core.decisions import Decisions
from database.loading import journal
from database.loading.contacts import Contacts, contact_type
from database.loading.coverage import refresh_coverage
from database.loading.currencies import show_kept_apart
from database.loading.customers import ensure_customers
from database.loading.erased import Erased
from database.loading.identities import Names, keep_identities, resolve_names, tell_doubtful
from database.loading.merchandise import mark_merchandise
from database.loading.merge import ACTS, Counts, merge
from database.loading.money import finish_money, merge_rates, merge_refunds, settle_currencies
from database.loading.orders import add_products, merge_lines, merge_orders, merge_orders_of_lines, name_orders
from database.loading.paths import merge_paths
from database.loading.persons import put_together
from database.loading.shapes import SHAPES
from database.loading.staging import Staging
from database.loading.statement import MANY_CHANGES, holds_rows, run
from database.queries.identities import newest_customer

if TYPE_CHECKING:
    from database.engine import Database

NAMES_CUSTOMERS = ("orders", "order_lines", "refunds", "events", "assignments")
PARTITIONED = {"orders": "orders", "order_lines": "orders", "refunds": "orders", "events": "events"}
NAMED_BY_CONTENT = {"events": "event_id", "mentions": "mention_id"}
GOODS = ("products", "order_items")
SUMMED = ("campaign_daily", "channel_spend", "paths")  # several rows a key are its parts
ONE_LOAD_AT_A_TIME = 4_817_261  # first half of the advisory lock; the second is the organisation
MANY = 100_000  # rows from which a first load makes its months itself
SORT_MEMORY = "256MB"


class Load:
    """A load in progress; made by `loading`. `again`: rows that were loaded before, in the course of an undo."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        org_id: UUID,
        now: datetime,
        source: str,
        decisions: Decisions,
        number: int,
        *,
        again: bool = False,
    ) -> None:
        self._database = database
        self._connection = connection
        self._org_id = org_id
        self._now = now
        self._source = source
        self.decisions = decisions
        self.number = number
        self.months_within = again  # rows are locked already: another transaction would wait for this one
        self._erased = Erased(connection, lambda: database.keyed_hash(org_id))
        self.staging = Staging(connection, None if again else number, self._erased)
        self.counts: dict[str, Counts] = {}
        self._spans: dict[str, tuple[datetime, datetime]] = {}

    def finish(self, on_table: Callable[[str], None] = lambda _table: None) -> dict[str, Counts]:
        """Merge everything staged into the tables; what became of the rows, by table."""
        staged = [name for name in SHAPES if self.staging.rows.get(name)]
        for name in staged:
            self.staging.analyse(name)
            self._make_partitions(name)
        self._erased.tell(self.decisions)
        newest, names = newest_customer(self._connection), self._resolve_names(staged)
        if "customers" in staged:
            on_table("customers")
            self._count("customers", self._merge_customers())
        settle_currencies(self._connection, self.staging, staged, self.decisions)
        naming = [name for name in NAMES_CUSTOMERS if name in staged]
        for name in naming:
            on_table("customers")
            named = ensure_customers(self._connection, self.staging, name, self._contacts(name))
            self._count("customers", named if naming == staged else named.changes())
        if names.resolved:
            keep_identities(self._connection)
        if "customers" in self.counts and self.counts["customers"].inserted:
            tell_doubtful(self._connection, self.decisions, newest)
        for name in staged:
            if name != "customers":
                on_table(SHAPES[name].target)
                self._merge(name, derive_orders="orders" not in staged)
        changed = finish_money(self._connection, self.staging, staged, self.decisions)
        if changed != Counts():
            self._count("orders", changed)
        for table, counts in self.counts.items():
            refresh_coverage(self._connection, table, counts, self._now, self._spans.get(table))
            if counts.inserted + counts.updated >= MANY_CHANGES:
                run(self._connection, "select refresh_statistics(:table)", table=table)
        if any(self.counts[table].inserted or self.counts[table].updated for table in GOODS if table in self.counts):
            mark_merchandise(self._connection)
        return self.counts

    def _resolve_names(self, staged: list[str]) -> Names:
        """Replace the names of people by external ids; rows without an id get one of the names as the file has them."""
        if "orders" in staged:
            name_orders(self._connection, self.staging)
        if "events" in staged:
            self._name_rows("events")
        names = resolve_names(self._connection, self.staging, self.decisions, self._source, self._now)
        for table in ACTS:
            if names.moved.get(table):
                self._count(table, Counts(updated=names.moved[table]))
        if "customers" in staged:
            put_together(self._connection, self.staging, self.decisions)
            self._count("customers", Counts(updated=names.merged))
        return names

    @property
    def left_out(self) -> bool:
        """Whether rows of erased people were: the same file may change something once they are let in again."""
        return bool(self._erased.left_out or self._erased.nobodys)

    def touched(self, most: int) -> list[int] | None:
        """Customers (internal ids) whose features `finish` may have changed; None: more than `most`, or all there are.

        A first load touches everybody, and so does another category of a known product.
        """
        acts = [self.counts[table] for table in ACTS if table in self.counts]
        if any(c.was_empty and c.inserted for c in acts) or self.counts.get("products", Counts()).updated:
            return None
        query = text("select distinct customer_id from touched order by 1 limit :n")
        found = list(self._connection.execute(query, {"n": most + 1}).scalars())
        return found if len(found) <= most else None

    def _merge(self, name: str, *, derive_orders: bool) -> None:
        if name == "orders":
            self._count("orders", merge_orders(self._connection, self.staging))
        elif name == "order_lines":
            named = add_products(self._connection, self.staging)
            self._count("products", named.changes() if "products" in self.counts else named)
            self._count("order_items", merge_lines(self._connection, self.staging))
            if derive_orders:
                self._count("orders", merge_orders_of_lines(self._connection, self.staging))
        elif name == "refunds":
            self._count("orders", merge_refunds(self._connection, self.staging))
        elif name == "exchange_rates":
            self._count("exchange_rates", merge_rates(self._connection, self.staging, self.decisions))
        elif name == "paths":
            found = merge_paths(self._connection, self.staging, self._source, self.decisions)
            self._count("conversion_paths", found)
        elif name == "events":
            self._name_rows("events")
            self._count("events", self._merge_with_customer("events"))
        elif name == "assignments":
            self._count("assignments", self._merge_with_customer("assignments"))
        else:
            self._count(SHAPES[name].target, self._merge_plain(name))

    def _count(self, table: str, counts: Counts) -> None:
        self.counts[table] = self.counts.get(table, Counts()) + counts

    def _contacts(self, name: str) -> Contacts:
        return Contacts.among(self.staging.columns[name], self._now, self._source, self.decisions)

    def _merge_customers(self) -> Counts:
        contacts = self._contacts("customers")
        own = (c for c in self.staging.columns["customers"] if contact_type(c) is None)
        columns = [c for c in own if c not in ("line", "customer")]
        given = "".join(f", {c}" for c in (*columns, *contacts.names))
        source = f"select customer as external_id{given} from staged_customers"  # noqa: S608
        rows = self.staging.rows["customers"]
        merged = merge(
            self._connection, "customers", source, key=("external_id",), columns=columns, rows=rows, contacts=contacts
        )
        contacts.settle(self._connection, SHAPES["customers"].staging)
        return merged

    def _merge_plain(self, name: str) -> Counts:
        shape = SHAPES[name]
        self._name_rows(name)
        columns = [c for c in self.staging.columns[name] if c != "line" and c not in shape.key]
        keys = ", ".join(shape.key)
        if name in SUMMED:
            sums = "".join(f", sum({c}) as {c}" for c in columns)
            source = f"select {keys}{sums} from {shape.staging} group by {keys}"  # noqa: S608
            self.staging.rows[name] = self.staging.counted(f"({source}) g")
        else:
            source = f"select {', '.join((*shape.key, *columns))} from {shape.staging}"  # noqa: S608
        return self._into(name, shape.target, source, shape.key, columns)

    def _merge_with_customer(self, name: str) -> Counts:
        shape = SHAPES[name]
        key = tuple("customer_id" if k == "customer" else k for k in shape.key)
        columns = [c for c in self.staging.columns[name] if c not in ("line", "customer", *shape.key)]
        given = [f"s.{c}" for c in (*columns, *shape.key) if c != "customer"]
        named = self.staging.has(name, "customer")
        source = f"select {', '.join(given)}"
        source += f", c.id as customer_id from {shape.staging} s" if named else f" from {shape.staging} s"
        source += " left join customers c on c.external_id = s.customer" if named else ""
        if named and "customer_id" not in key:
            columns.append("customer_id")
        return self._into(name, shape.target, source, key, columns)

    def _into(self, name: str, target: str, source: str, key: tuple[str, ...], columns: list[str]) -> Counts:
        rows, span = self.staging.rows[name], self.staging.first_spans.get(name)
        return merge(self._connection, target, source, key=key, columns=columns, rows=rows, first_span=span)

    def _name_rows(self, name: str) -> None:
        """Rows of things without an id get one from their content and their place among equal ones in file order."""
        key = NAMED_BY_CONTENT.get(name)
        if key is None or self.staging.has(name, key):
            return
        staging = SHAPES[name].staging
        content = [c for c in self.staging.columns[name] if c != "line"]
        joined = ", ".join(f"coalesce({c}::text, '')" for c in content)
        run(self._connection, f"alter table {staging} add column {key} text")
        run(
            self._connection,
            f"update {staging} s set {key} = n.hash || '-' || n.nth from (select line, hash,"  # noqa: S608
            " row_number() over (partition by hash order by line) as nth from"
            f" (select line, md5(concat_ws('|', {joined})) as hash from {staging}) h) n where n.line = s.line",
        )
        self.staging.columns[name] += (key,)

    def _make_partitions(self, name: str) -> None:
        """Make the months that are missing, in a transaction of its own: making one locks out readers until it ends.

        A large first load makes its months itself, without locking anybody out.
        """
        span = self.staging.span(name) if name in PARTITIONED else None
        if span is None:
            return
        given_back = self.staging.span(name, "refunded_at")
        if given_back is not None:
            self._ensure_months(PARTITIONED[name], given_back)
        known = [at for at in (span, given_back, self._spans.get(PARTITIONED[name])) if at is not None]
        self._spans[PARTITIONED[name]] = min(at[0] for at in known), max(at[1] for at in known)
        if name in PARTITIONED.values() and self.staging.rows[name] >= MANY and not holds_rows(self._connection, name):
            self.staging.first_spans[name] = span
            return
        self._ensure_months(PARTITIONED[name], span)

    def _ensure_months(self, parent: str, span: tuple[datetime, datetime]) -> None:
        months = {"parent": parent, "first": span[0], "last": span[1]}
        with nullcontext(self._connection) if self.months_within else self._database.transaction(self._org_id) as where:
            where.execute(text("select ensure_month_partitions(:parent, :first, :last)"), months)


@contextmanager
def loading(
    database: Database,
    org_id: UUID,
    now: datetime,
    on_wait: Callable[[], None] = lambda: None,
    *,
    source: str = "import",
    decisions: Decisions | None = None,
) -> Iterator[tuple[Connection, Load]]:
    """A transaction to load in; `source` is kept with the consents that it changes, `decisions` takes what it decides.

    A second load of the organisation calls `on_wait`, then waits for the first.
    """
    with taking_turns(database, org_id, on_wait) as connection:
        number = journal.begin(connection)
        taken = Decisions() if decisions is None else decisions
        yield connection, Load(database, connection, org_id, now, source, taken, number)


@contextmanager
def taking_turns(database: Database, org_id: UUID, on_wait: Callable[[], None] = lambda: None) -> Iterator[Connection]:
    """A transaction in which nobody else loads into the organisation, or undoes an import."""
    with database.transaction(org_id) as connection:
        lock = {"space": ONE_LOAD_AT_A_TIME, "org": str(org_id)}
        if not _ask(connection, "select pg_try_advisory_xact_lock(:space, hashtext(:org))", lock):
            on_wait()
            connection.execute(text("select pg_advisory_xact_lock(:space, hashtext(:org))"), lock)
        connection.execute(text("select set_config('work_mem', :m, true)"), {"m": SORT_MEMORY})
        show_kept_apart(connection)
        run(connection, "create temp table touched (customer_id bigint) on commit drop")
        yield connection


def _ask(connection: Connection, question: str, values: dict[str, Any]) -> bool:
    return bool(connection.execute(text(question), values).scalar_one())

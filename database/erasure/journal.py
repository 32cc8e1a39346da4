"""What imports keep so that they can be taken back: rows as they were, and as they were staged."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from database.erasure.person import Person
from database.erasure.words import Words
from database.loading.erased import arriving, not_about, rewritten
from database.loading.journal import JOURNALED, REPEATS_DROPPED, StagedRows, pack, staged_rows
from database.loading.statement import run

__all__ = ["erase_journal", "journal_of", "staged_of"]

KEPT = ("orders", "order_items")
WHOLE = ("mentions",)  # a row of these that names the person goes whole
WHOLLY = (*WHOLE, "suppressions", "identities", "contact_points", "customers", "customer_merges")
_ABOUT = "(before ->> '{0}' = :id or after ->> '{0}' = :id)"


def erase_journal(connection: Connection, person: Person, words: Words) -> int:
    """Take the person out of what imports changed and what they staged; rows that went or were rewritten."""
    ids, gone = {"id": str(person.id)}, 0
    gone += run(
        connection,
        f"delete from import_changes where (table_name = 'customers' and {_ABOUT.format('id')})"  # noqa: S608
        f" or (table_name <> all(:kept) and {_ABOUT.format('customer_id')})"
        f" or {_ABOUT.format('kept')} or {_ABOUT.format('gone')}",
        **ids,
        kept=list(KEPT),
    )
    for side in ("before", "after"):
        gone += run(
            connection,
            f"update import_changes set {side} = {side} || case when {side} ? 'city'"  # noqa: S608
            """ then '{"customer_id": null, "city": null}'::jsonb else '{"customer_id": null}'::jsonb end"""
            f" where table_name = any(:kept) and {side} ->> 'customer_id' = :id",
            **ids,
            kept=list(KEPT),
        )
    gone += run(
        connection,
        f"delete from import_changes where table_name = any(:wholly) and {words.condition('before', 'after')}",  # noqa: S608
        wholly=list(WHOLLY),
        **words.values,
    )
    gone += run(
        connection,
        "update import_changes set key = without_words(key, :words), before = without_words(before, :words),"  # noqa: S608
        f" after = without_words(after, :words) where {words.condition('key', 'before', 'after')}",
        **words.values,
    )
    return gone + sum(_rewrite(connection, *part, person, words) for part in _parts(connection))


def journal_of(connection: Connection, person: Person) -> list[dict[str, object]]:
    """What imports changed of the person, for an export."""
    rows = connection.execute(
        text("select import_no, table_name, before, after from import_changes"  # noqa: S608
             f" where (table_name = 'customers' and {_ABOUT.format('id')}) or {_ABOUT.format('customer_id')}"
             " order by import_no, id"),
        {"id": str(person.id)},
    )  # fmt: skip
    return [dict(row) for row in rows.mappings()]


def staged_of(connection: Connection, person: Person) -> list[dict[str, object]]:
    """The rows of files about the person, as they were read, for an export."""
    found: list[dict[str, object]] = []
    for import_no, _part, staged in _parts(connection):
        kept, gone, _nobodys = not_about(connection, staged, person.is_meant)
        if kept is staged:
            continue
        del gone
        found += [{"import": import_no, "kind": staged.shape, **row} for row in _theirs(connection, staged, person)]
    return found


def _theirs(connection: Connection, staged: StagedRows, person: Person) -> list[dict[str, object]]:
    from database.loading.erased import naming

    names = list(person.marks)
    with arriving(connection, staged) as table:
        about = " or ".join(f"lower({column}) = any(:names)" for column in naming(staged.columns))
        rows = connection.execute(text(f"select * from {table} where {about}"), {"names": names})  # noqa: S608
        return [{k: v for k, v in row.items() if v is not None} for row in rows.mappings()]


def _parts(connection: Connection) -> Iterator[tuple[int, int, StagedRows]]:
    """Every part of staged rows there is, with its import and its own number."""
    numbers = connection.execute(text("select distinct import_no from import_rows order by 1")).scalars().all()
    for number in numbers:
        ids = connection.execute(
            text("select id from import_rows where import_no = :number order by id"), {"number": number}
        ).scalars()
        yield from (
            (number, part, staged) for part, staged in zip(ids.all(), staged_rows(connection, number), strict=True)
        )


def _rewrite(connection: Connection, number: int, part: int, staged: StagedRows, person: Person, words: Words) -> int:
    """Keep the part without the person; how many of its rows changed."""
    if staged.columns == REPEATS_DROPPED or not staged.rows:
        return 0
    kept, gone, nobodys = not_about(connection, staged, person.is_meant, loaded=True)
    if words.named_in(kept.csv.decode("utf-8", "replace")):
        kept, more = _without_words(connection, kept, words)
        gone += more
    if kept is staged:
        return 0
    run(
        connection,
        "update import_rows set packed = :packed, rows = :rows, size = :size where import_no = :number and id = :part",
        packed=pack(kept),
        rows=kept.rows,
        size=len(kept.csv),
        number=number,
        part=part,
    )
    return gone + nobodys


def _without_words(connection: Connection, staged: StagedRows, words: Words) -> tuple[StagedRows, int]:
    with arriving(connection, staged) as table:
        named = words.condition(*staged.columns)
        if staged.shape in WHOLE:
            changed = run(connection, f"delete from {table} where {named}", **words.values)  # noqa: S608
        else:
            sets = ", ".join(f"{column} = without_words({column}, :words)" for column in staged.columns)
            changed = run(connection, f"update {table} set {sets} where {named}", **words.values)  # noqa: S608
        return rewritten(connection, staged, table), changed


assert set(KEPT) <= set(JOURNALED)  # noqa: S101 - a renamed table would leave rows behind

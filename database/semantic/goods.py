"""Which products words mean: by SKU, by the name a product bears, and by every name it was sold under before.

SQL over `products` and `product_names`; what is looked for comes as the name of a bound value (":f0").
"""

from __future__ import annotations

import re

__all__ = ["called", "containing", "patterns", "worded"]

_FORMER = "select n.sku from product_names n where n.lines > 0 and"


def called(wanted: str) -> str:
    """SKUs of products with one of these SKUs or names (an array in lower case).

    A former name finds its product unless another one bears it now.
    """
    borne = "select from products x where lower(x.name) = lower(n.name) or lower(x.sku) = lower(n.name)"
    return (
        f"select p.sku from products p where lower(p.sku) = any({wanted}) or lower(p.name) = any({wanted})"  # noqa: S608
        f" union all {_FORMER} lower(n.name) = any({wanted}) and not exists ({borne})"
    )


def containing(wanted: str, fitting: str) -> str:
    """SKUs of products with a name (or former name) that fits all of these patterns ("pen": pens, no pencils).

    Where there is none, of those whose SKU or name contains the text `wanted`, in any case.
    """
    holds = f"position(lower({wanted}) in lower({{}})) > 0"
    other = "not exists (select from fitting)"
    return (
        f"with fitting as materialized ({_fitting(fitting)}) select sku from fitting union all"  # noqa: S608
        f" select p.sku from products p where ({holds.format('p.sku')} or {holds.format('p.name')}) and {other}"
        f" union all {_FORMER} {holds.format('n.name')} and {other}"
    )


def worded(wanted: str, fitting: str) -> str:
    """SKUs of products called `wanted`; where there is none, of those with a name that fits all of these patterns."""
    return (
        f"with called as materialized ({called(wanted)}) select sku from called union all"  # noqa: S608
        f" select sku from ({_fitting(fitting)}) fitting where not exists (select from called)"
    )


def patterns(words: str) -> list[str]:
    """Regular expressions of PostgreSQL that a lower-case name with these words fits: whole, singular or plural."""
    return [rf"\m({'|'.join(sorted(_forms(word)))})\M" for word in re.findall(r"[^\W_]+", words.lower())]


def _fitting(fitting: str) -> str:
    fits = f"lower({{}}) ~ all(cast({fitting} as text[])) and cardinality(cast({fitting} as text[])) > 0"
    return (
        f"select p.sku from products p where {fits.format('p.name')}"  # noqa: S608
        f" union all {_FORMER} {fits.format('n.name')}"
    )


def _forms(word: str) -> set[str]:
    """ "mugs", "mug"; "boxes", "box"."""
    forms = {word, f"{word}s", f"{word}es"}
    if word.endswith("s") and len(word) > 3:
        forms.add(word[:-1])
    if word.endswith("es") and len(word) > 4:
        forms.add(word[:-2])
    if word.endswith("ies") and len(word) > 4:
        forms.add(f"{word[:-3]}y")
    return forms

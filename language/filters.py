"""Values of dimensions in a question: "outside the UK", "in Germany and France", "via the web channel"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from language.negation import LEFT_OUT, RULING_OUT
from language.places import COUNTRIES, HOME, REGIONS, countries_of
from language.scene import Scene
from language.vocabulary import known_words
from language.words import Draft, compiled, plain

__all__ = ["as_conditions", "by_one_word", "named_apart", "spoken", "take_filters", "take_together_values"]

_IN = r"(?:in|from|within|for|of|via|through|by|to|at|only|just|based in|living in|the)"
_SKIPPED = {"product", "sku", "customer", "weekday", "hour", "event_kind", "kind", "rfm_segment"}
_SHORT = 4  # "in", "it", "be" are words before they are country codes
_MESSAGES = {"email", "e-mail", "mail", "sms"}  # what one writes to customers, unless orders came through it
_SALES = r"(?:channel|orders?|sales|revenue|shoppers|buyers)\b"
_VIA = r"(?:ordered|bought|came|come|orders|sales|revenue|shoppers|buyers) (?:via|through|by|over|from|in)"
_FIGURES = r"\b(?:orders?|revenue|sales|turnover|share|buyers|average order value|aov|income|takings)\b"
_WRITTEN = (
    r"\b(?:open|click|bounce|unsubscri|writ|draft|sen[dt]|consent|opt|address|campaign|mailing|receiv|got an|last email"
    r"|text|emails|per email|rate)|^email\b"
)
# "Search for customers": what is to be done, and no channel
_TO_DO = r"(?:^|\b(?:please|you|to|me|and|then) ){}\b(?! (?:ads?|channel|spend|cost|roas|cpc|versus|and|or)\b)"
_MARK = "<value>"
_APART = r"(?:for|in|from|via|through|by)\b"
_ABROAD = ("foreign", "abroad", "overseas", "international", "non-domestic", "export sales", "the export", "exports")
_PAID = ("paid channels", "paid media", "paid traffic", "paid marketing")
_UNPAID = ("unpaid channels", "free channels", "non-paid channels", "owned channels")
_AT_HOME = ("domestic", "home market", "home country")


class _Found(NamedTuple):
    """Values that a phrase stands for; several are those of a group of countries."""

    phrase: str
    dimension: str
    values: tuple[str, ...]
    negated: bool


def take_filters(draft: Draft, scene: Scene) -> list[dict[str, Any]]:
    """Filters of query_metrics for every value that occurs in `draft`; values joined by "and" / "or" become one."""
    found: list[_Found] = []
    alone = by_one_word(scene)
    for phrase, dimension, values, outside in _candidates(scene):
        if dimension == "channel" and phrase in _MESSAGES and not _ordered_through(phrase, draft):
            continue
        if phrase in alone and draft.has(_TO_DO.format(phrase)):
            continue  # "search for customers": what is to be done
        many = "s?" if dimension == "category" and not phrase.endswith("s") else ""
        if phrase in scene.product_words and _is_goods(phrase, draft.text, scene):
            continue
        pattern = rf"(?P<not>\b{RULING_OUT} )?(?:\b(?:{_IN}) )*(?:\bthe )?(?<![\w<]){re.escape(phrase)}{many}(?![\w>])"
        pattern += r"(?: (?:countries|region|area|markets?)\b)?" if len(values) > 1 else ""
        pattern += rf"(?P<left>{LEFT_OUT}\b)?"
        while phrase in draft.text and (match := draft.take(pattern, _mark)):
            found.append(_Found(phrase, dimension, values, _ruled_out(match) != outside))
    # "outside the UK and Germany": what is joined to a negated value is negated too
    if any(one.negated for one in found) and draft.has(r"<not-value>(?: ?,? ?(?:and|or|nor|,|plus) ?<value>)+"):
        found = [one._replace(negated=True) for one in found]
    found, unclear = _defined(found)
    draft.text = draft.text.replace("<not-value>", _MARK)
    draft.text = re.sub(
        rf"{_MARK}(?: ?(?:,|and|or|versus|with|to|nor|plus|as well as|&)? ?{_MARK})+", _MARK, draft.text
    )
    draft.text = " ".join([draft.text, *unclear])
    return _merged(found)


_THE_TWO: Final = (
    r"(?<=<value>) ?,? ?\(?(?:(?:the|these|those|both|all|of|them) )*(?:(?P<n>\d) )?"
    r"(?:taken together|put together|together|added (?:up|together)|summed(?: up)?|combined)\b\)?(?! with\b)"
)


def take_together_values(draft: Draft, filters: list[dict[str, Any]]) -> None:
    """ "The Channel Islands and Cyprus, the two together": one figure of all of them, which it is anyhow."""
    sizes = {str(len(f["value"])) for f in filters if f["operator"] == "in"}
    match = re.search(_THE_TWO, draft.text) if len(sizes) == 1 else None
    if match and (match["n"] or min(sizes)) in sizes:
        draft.take(_THE_TWO, " ")


def _ordered_through(phrase: str, draft: Draft) -> bool:
    """Whether a word for messages is a sales channel here: what is written, sent or opened is none."""
    if draft.has(rf"\b{phrase} {_SALES}|\b{_VIA} {phrase}"):
        return True
    return draft.has(_FIGURES) and not draft.has(_WRITTEN)


def _defined(found: list[_Found]) -> tuple[list[_Found], list[str]]:
    """ "Benelux: Belgium and the Netherlands": countries that are listed say what is meant by their group.

    A single one beside its group ("Germany in Europe") may be a part or an example: the group's name is given back.
    """
    named = {one.values[0] for one in found if len(one.values) == 1 and not one.negated}
    groups = [one for one in found if len(one.values) > 1 and not one.negated and named & set(one.values)]
    kept = [one for one in found if one not in groups]
    return kept, [one.phrase for one in groups if len(named & set(one.values)) == 1]


def _is_goods(phrase: str, text: str, scene: Scene) -> bool:
    """ "French press": a word for a country that begins a product's name, and goes on with a word of products alone."""
    after = re.search(rf"(?<![\w<]){re.escape(phrase)} ([a-z]+)", text)
    return after is not None and after[1] in scene.product_words and after[1] not in known_words()


def as_conditions(filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same filters as conditions of a customer rule: where customers live, and what or how they have bought."""
    out: list[dict[str, Any]] = []
    for asked in filters:
        name = asked["dimension"]
        if name in ("country", "city"):
            out.append({"field": name, "operator": asked["operator"], "value": asked["value"]})
        elif name in ("category", "channel"):
            values = asked["value"] if isinstance(asked["value"], list) else [asked["value"]]
            op, number = ("eq", 0) if asked["operator"] in ("ne", "not_in") else ("ge", 1)
            parts = [{"purchase": "orders", "operator": op, "value": number, name: value} for value in values]
            group = "all" if op == "eq" else "any"
            out.append(parts[0] if len(parts) == 1 else {group: parts})
    return out


def _mark(match: re.Match[str]) -> str:
    return "<not-value>" if _ruled_out(match) else _MARK


def _ruled_out(match: re.Match[str]) -> bool:
    return bool(match["not"] or match["left"])


def _candidates(scene: Scene) -> list[tuple[str, str, tuple[str, ...], bool]]:
    """(phrase, dimension, values, whether they are ruled out), longest phrase first.

    Phrases are values from the data, other names of countries, groups of countries, and abroad.
    """
    out: dict[str, tuple[str, tuple[str, ...], bool]] = {}
    for dimension, values in scene.values.items():
        if dimension in _SKIPPED:
            continue
        for value in values:
            if len(value) >= (_SHORT if dimension in ("country", "city") else _SHORT - 1):
                for phrase in {value.lower(), spoken(value), plain(value)}:
                    out.setdefault(phrase, (dimension, (value,), False))
                    if dimension == "category":
                        out.setdefault(f"{phrase}s", (dimension, (value,), False))
    for word, (dimension, value) in by_one_word(scene).items():
        out.setdefault(word, (dimension, (value,), False))
    known = {v.lower(): v for v in scene.values.get("country", [])}
    held = {names[0]: known[name] for names in COUNTRIES for name in reversed(names) if name in known}
    for names in COUNTRIES:
        for name in names:
            if len(name) >= _SHORT or name in ("uk", "usa", "uae"):
                # A country the data do not hold is asked for all the same: the tool says that there is none.
                out.setdefault(name, ("country", (held.get(names[0], names[0].title()),), False))
    for region, members in REGIONS:
        if countries := countries_of(members, held, scene.today):
            out.setdefault(region, ("country", tuple(countries), False))
    if paid := tuple(v for v in scene.values.get("channel", ()) if v in scene.values.get("spend_channel", ())):
        out |= dict.fromkeys(_PAID, ("channel", paid, False)) | dict.fromkeys(_UNPAID, ("channel", paid, True))
    if home := held.get(HOME.get(scene.currency, "")):
        out |= dict.fromkeys(_ABROAD, ("country", (home,), True))
        out |= dict.fromkeys(_AT_HOME, ("country", (home,), False))
    return sorted(((phrase, *meant) for phrase, meant in out.items()), key=lambda c: (-len(c[0]), c))


def by_one_word(scene: Scene) -> dict[str, tuple[str, str]]:
    """Words that belong to the name of one channel alone, and mean nothing else: "social" of "Paid social"."""
    said: dict[str, set[tuple[str, str]]] = {}
    for dimension in ("channel", "spend_channel"):
        for value in scene.values.get(dimension, ()):
            words = plain(spoken(value)).split()
            for word in words if len(words) > 1 else ():
                said.setdefault(word, set()).add((dimension, value))
    alone = {v.lower() for values in scene.values.values() for v in values}
    return {
        word: min(named)
        for word, named in said.items()
        if len({spoken(value) for _, value in named}) == 1 and len(word) >= _SHORT and word not in known_words() | alone
    }


def named_apart(taken: Sequence[tuple[str, str]], filters: Sequence[dict[str, Any]]) -> list[str]:
    """ "For the web and for the phone": the dimension of values of which each has its own word before it."""
    leads = [match[0] for mark, said in taken if mark == _MARK and (match := compiled(_APART).match(said))]
    several = [each["dimension"] for each in filters if each["operator"] == "in"]
    apart = len(leads) > 1 and len(set(leads)) == 1
    return several if apart and len(filters) == len(several) == 1 else []


def spoken(value: str) -> str:
    """A value as people say it: "paid_search" and "paid-search" are "paid search"."""
    return re.sub(r"[_-]+", " ", value.lower())


def _merged(found: list[_Found]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, bool], list[str]] = {}
    for one in found:
        values = groups.setdefault((one.dimension, one.negated), [])
        values += [value for value in one.values if value not in values]
    for (dimension, negated), values in list(groups.items()):
        # "Europe without the UK" is the rest of it
        ruled_out = groups.get((dimension, True), []) if not negated else []
        if not set(values) & set(ruled_out):
            continue
        if rest := [value for value in values if value not in ruled_out]:
            groups[dimension, False] = rest
            del groups[dimension, True]
        else:  # "without the home market UK"
            del groups[dimension, False]
    return [
        {
            "dimension": dimension,
            "operator": {(1, False): "eq", (1, True): "ne"}.get((len(v), negated), "not_in" if negated else "in"),
            "value": v[0] if len(v) == 1 else sorted(v),
        }
        for (dimension, negated), v in groups.items()
    ]

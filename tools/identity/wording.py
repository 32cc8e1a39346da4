"""People, reach and doubtful pairs in words."""

from __future__ import annotations

from language.format import bullets, count
from tools.declaration import answers
from tools.identity.doubtful import DoubtfulCustomers, DoubtfulCustomersArguments, doubtful_customers
from tools.identity.people import ChannelReach, CountPeople, CountPeopleArguments, count_people
from tools.outcome import Outcome

__all__ = ["known_people", "merged_words", "parted_words", "possibly_one"]

SHOWN = 5


@answers(count_people)
def known_people(outcome: Outcome[CountPeopleArguments, CountPeople]) -> str:
    """ "**3 people** are known. By email **2 can be written to**: 3 have an address, 2 agreed, 1 refused."""
    result = outcome.result
    one = result.people == 1
    head = f"**{count(result.people)} {'person' if one else 'people'}** {'is' if one else 'are'} known."
    orders = "" if result.orders else " No orders have been loaded, so nothing is known of what they bought."
    lines = [_reach(way) for way in result.channels]
    return f"{head} {lines[0]}{orders}" if len(lines) == 1 else f"{head}{orders}\n\n{bullets(lines)}"


def _reach(way: ChannelReach) -> str:
    parts = [f"{count(way.with_address)} have an address", f"{count(way.agreed)} agreed"]
    parts += [f"{count(way.refused)} refused"] if way.refused else []
    parts += [f"{count(way.suppressed)} must not be written to again"] if way.suppressed else []
    return f"**{count(way.reachable)}** can get {way.plural}: {', '.join(parts)}."


@answers(doubtful_customers)
def possibly_one(outcome: Outcome[DoubtfulCustomersArguments, DoubtfulCustomers]) -> str:
    """How many pairs, the first of them, and how many were made one."""
    result = outcome.result
    made = f"{count(result.merged)} customers became a part of another one." if result.merged else ""
    if not result.total:
        return f"**No two customers** look like one person. {made}".strip()
    few = [f"{pair.first} and {pair.second}: {pair.why}" for pair in result.pairs[:SHOWN]]
    one = result.total == 1
    head = f"**{count(result.total)} {'pair' if one else 'pairs'} of customers** may be one person each."
    one_of_two = f"`/merge {result.pairs[0].first} and {result.pairs[0].second}` makes two of them one."
    return f"{head} {made}".strip() + f"\n\n{bullets(few)}\n\n{one_of_two}"


def merged_words(customer: str, was: str) -> str:
    """Two customers became one."""
    return f"**{was}** and **{customer}** are one customer now, called {customer}: what either did counts for one."


def parted_words(customer: str, again: str) -> str:
    """Two customers are two again."""
    return f"**{again}** is a customer of their own again, apart from **{customer}**."

# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What customers bought, in words: "bought the red mug in the last 90 days", "3 orders in May", "first order in 2023".

Becomes purchase conditions of a rule. Whether there is such a product, the tool says; what is no product and no time
is left to the other patterns, which name it to the user.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from language.amounts import bought, buyers, counted, earlier, nothing, spent
from language.buyers import AGAIN, keep, take_habits, take_kinds
from language.dates import POINT
from language.goods import SOMETHING, Goods, named_goods
from language.lifecycle import account, active, back, first, last, paused, refunded, that_one
from language.negation import EXCEPTING
from language.occasions import CMP, OCCASION_WORDS, OF_FIRST, QUANTITY, Occasions, day_after, occasions
from language.vocabulary import phrases
from language.words import Draft, compiled

__all__ = ["PURCHASE_WORDS", "take_purchases"]

Node = dict[str, Any]
_EXCEPT = rf"(?P<neg>\b{EXCEPTING}(?: (?:those|the ones|the|ones|customers))? )?"
_WHO = "who|that|which|whom|whoever|have|has|had|also|ever|either|they|still|customers|people|buyers|shoppers|clients|everyone|everybody|anyone|anybody|<metric>|<customer>"
_SAID = rf"(?P<said>(?:\b(?:{_WHO}) )*)"
_NEVER = r"(?P<never>(?:\b(?:did|do|does|have|has|had|were|was) )?\b(?:not|never) (?:yet |ever )?)?"
_ONLY = r"(?P<only>\b(?:only|just|exclusively|solely)(?: ever)? )?"
_BUY = r"(?<!last )(?<!first )\b(?P<verb>bought|buy|buys|buying|ordered|order|orders|ordering|purchased|purchase|got|shopped|shops?(?= (?:through|via|in|on|only|exclusively|solely)\b)|came(?= (?:only |exclusively |solely )?(?:via|through|over|by)\b)|took|had(?= an?\b)|returned|(?:sent|gave|brought) (?:(?:any|some)thing |it |stuff )?back|refunded|cancelled|canceled)\b"
_FIRST = r"\b(?:placed (?:their|the|a) (?:very )?first (?:order|purchase)|first and only (?:order|purchase)|first (?:bought|ordered|purchased|order(?:ed)?|purchase)|joined|signed up|(?:became|become|started as) (?:a )?customers?|whose (?:very )?first (?:order|purchase) was|(?:(?:that |whom )?we )?(?:won|acquired|gained|recruited)|started (?:buying|ordering|with us))"
_LAST = r"\b(?:last (?:bought|ordered|purchased)|(?:whose |with (?:a |their )?|their )?(?:last|latest|most recent) (?:order|purchase)(?: was)?)"
_END = (
    rf"(?=[.;:?!=)]|, (?!(?:and |or )?(?:{POINT})\b)|$| (?:but|and|or|nor|though|although|yet|who) (?:who|that|whose|with|have|has|had|are|is|were|was|not|never|nothing|no|none|did|do|they|spent|spend|again|then|later|still|over \d|more than|less than|"
    r"bought|ordered|purchased|returned|came|opened|clicked|visited|viewed|agreed|live|lives|joined|added|worth|likely|at least|exactly|fewer|only|\d+ (?:or more )?(?:orders|purchases))\b"
    r"| also (?:bought|ordered|purchased|took|had|got|returned|opened|clicked|visited|spent|came|agreed|have|has)\b"
    r"| (?:have|has|had|did|do|does) (?:not|never)\b| (?:who|that|whose|with(?! (?:a |any |no )?discount)|without(?! (?:a |any )?discount)|as|called|named|but|be|are|is|do|will|would|should|leave|though|although|versus|against|compared)\b| <rule)"
)
_MONEY = (
    r"\b(?:spent|spend|spenders?|paid|(?:with|having|have) (?:an? )?(?:total |net )?(?:spend|spending|revenue|turnover|sales)(?: of| was| is)?)(?: us| of| a total of| in total)? (?:(?:between |from )?(?P<low>\d+(?:\.\d+)?)(?: and | to | ?- ?)"
    rf"(?P<high>\d+(?:\.\d+)?)|{QUANTITY})(?! ?%| times| orders|\d)"
)
_OF = r"(?!(?:and|or|but|in|no|not|from|with|of|at|for|to|by|since|who|that|last|first|latest|number|total|more|than)\b)[a-z'-]+"
_NOUN = r"(?:orders?|purchases?|invoices?|transactions?)"
_BACK = r"\b(?:(?:ordered|bought|purchased|shopped|order|buy|purchase|ordering|buying) (?:again|a second time|1 more time|another time|once more)|reordered|repurchased|(?:came|come|coming) again|(?:came|come|coming|were|been|are|got) back|returned(?: to us)?|(?:made|placed) (?:a|another|their) (?:second|repeat|another|further|order again)? ?(?:order|purchase)|still (?:order|buy|shop)(?:ing|ed|s)?|still active|still customers)(?: again)?"
_SPAN = rf"(?:{CMP} )?(?P<k>\d+(?:\.\d+)?|an?|half a|1)? ?(?P<unit>day|week|month|quarter|year)s?"
_PAUSE = rf"\b(?:(?:came|come|coming|were|been) back|returned|ordered again|bought again|(?:with|had|having|took|taken) (?:an? )?)(?: (?:to us|again))? ?(?:after )?(?:an? )?(?:(?P<cmp3>longer|more) )?(?:breaks?|pauses?|gaps?|absences?|silences?|hiatus|being away|being silent)(?: in their orders)?(?: (?:of|for|that lasted|lasting))? {_SPAN}"
_AWAY = rf"\b(?:came|come|returned|ordered again|bought again)(?: back)? after {_SPAN}(?: (?:away|of silence|of absence|without (?:an |any )?(?:orders?|buying)|off))\b"
_REFUND = rf"\b(?:got|had|have|received|receive|asked for|were given|was given|with|having|made) (?:(?P<no>no) |(?:an?|any|some|their) |{QUANTITY} )?(?:returns?|refunds?|returned orders?|credit notes?|money back|cancellations?)\b"
_AFTER_REFUND = r"\b(?:credit notes?|refund\w*|return(?:s|ed)? (?!to us|again)|sent back|cancel\w*)\b.*\b(?:but|and|yet|who|that)\b.*\b(?:again|later|afterwards?|back|since then|after (?:that|it))\b"
_SPOKEN = " ".join((_EXCEPT, _SAID, _BUY, _FIRST, _LAST, _MONEY, SOMETHING, _BACK, _PAUSE, _AWAY, _REFUND))
PURCHASE_WORDS: Final = OCCASION_WORDS | frozenset(
    re.findall(r"[a-z]{3,}", f"{_SPOKEN} starters newcomers joiners buyers starting afterwards thereafter")
)
# "New customers of May: how many have …", of whom that is asked
_OF_WHOM = r"[,:;] ?(?:and )?(?:how many|how much|what|which)(?: %| percent| share| part)?(?: of (?:them|these|those))? (?:have|has|had|did|do|ordered|bought|spent|came|never|were|was|agreed|got|returned|opened|clicked)\b"
_Build = Callable[["re.Match[str]", Occasions, Goods], Node | None]


def take_purchases(draft: Draft, as_of: date, goods: Goods) -> dict[int, Node]:
    """Conditions on purchases taken out of `draft`, each leaving the mark <rule0>, <rule1> …"""
    found: dict[int, Node] = {}
    if lead := compiled(rf"^(?:{OF_FIRST}),? ").match(draft.text):  # said last it belongs to "ordered again"
        draft.text = f"{draft.text[lead.end() :].rstrip(' ?.!')} {lead[0].strip(' ,')}"
    take_habits(draft, goods, found)
    take_kinds(draft, as_of, goods, found)
    after_refund = compiled(_AFTER_REFUND).search(draft.text) is not None
    for pattern, build in _GRAMMAR:
        if build is back and after_refund:
            continue  # after it: not a number of orders
        at = 0
        while match := compiled(pattern).search(draft.text, at):
            node, end = _read(match, build, draft.text, as_of, goods)
            if node is None:
                at = match.start("rest") + 1
                continue
            draft.taken.append(("<rule>", draft.text[match.start() : end].strip()))
            marks, tail = keep(found, {"not": node} if match.groupdict().get("neg") else node), draft.text[end:]
            if (but := _but_not(tail, node, as_of, goods)) is not None:
                marks, tail = f"{marks} {keep(found, but[0])}", tail[but[1] :]
            draft.text, at = re.sub(r"\s+", " ", f"{draft.text[: match.start()]} {marks} {tail}").strip(), 0
    return found


def _read(match: re.Match[str], build: _Build, text: str, as_of: date, goods: Goods) -> tuple[Node | None, int]:
    """The condition of a match and where its words end."""
    end = match.start("rest") + _place(match["rest"], goods)
    silent = bool(match.groupdict().get("never") or match.groupdict().get("no") or "nothing" in match[0])
    calendar = bool(re.match(r" but not (?:in )?(?:this|last) ", text[end:]))
    noun = "order" if match.groupdict().get("noun") else ""  # "an order of 200 or more": what is worth so much
    said = occasions(noun + text[match.start("rest") : end], as_of, goods, silent=silent, calendar=calendar)
    if said and noun:
        said.words = said.words.removeprefix("order").strip()
    return (build(match, said, goods) if said else None), end


def _place(rest: str, goods: Goods) -> int:
    """Where a place begins in `rest` ("mugs in Germany"): the filters take it. Channels are read here."""
    for match in re.finditer(r" (?:in|from|at|via|through|by) (?:the )?(?=(\w+(?: \w+)?))", rest):
        name = next((n for n in (match[1], match[1].split()[0]) if n in goods.others), None)
        if name and name not in goods.channels:
            return match.start()
    last = re.search(r" (?P<name>\w+(?: \w+)?)$", rest.rstrip())
    for name in (last["name"], last["name"].split()[-1]) if last else ():
        if name in goods.others - goods.channels.keys() - goods.words and len(name) > 2:
            return len(rest.rstrip()) - len(name) - 1  # "both wine and gin Ireland"
    return len(rest)


def _but_not(tail: str, node: Node, as_of: date, goods: Goods) -> tuple[Node, int] | None:
    """ "… but not Kitchen in the last year", "… but not since", "… and never again": the opposite and how long it is.

    A window said at the end holds for both; one said first does too.
    """
    pattern = rf"^,? (?:but|and) (?:(?:have |has |did |had )?(?:not|never)|nothing|none)(?P<rest>(?: .+?)?){_END}"
    match = compiled(pattern).match(tail)
    if match is None or "purchase" not in node:
        return None
    words = re.sub(
        r"^(?: (?:bought|ordered|purchased|returned|came back|buy|order|anything|a thing|again|back|yet|any more|anymore))+\b",
        " again",
        match["rest"],
    )
    known: Node = {name: node[name] for name in ("category", "product") if name in node}
    opposite: Node = {"purchase": "orders", "operator": "eq", "value": 0} | known
    if (
        re.fullmatch(
            r"(?: again| any more)?(?: (?:since|since then|after(?: that)?|afterwards|later|thereafter))?", words
        )
        and words
    ):
        return (opposite | {"start": day_after(node["end"])}, match.end()) if "end" in node else None
    said = occasions(words.removeprefix(" again"), as_of, goods, silent=True, calendar="start" in node)
    if said is None or said.count or len(said.windows) > 1:
        return None
    what = named_goods(said.words, goods)
    if what is None or (what and not known.keys() & what.keys()) or said.words in dict(phrases("segments")):
        return None
    window = {name: node[name] for name in ("within_days", "start", "end") if name in node}
    if not what:
        if not said.windows and not said.narrowed:
            return None
        what = known
    elif said.windows and not window:
        node |= said.window
    return opposite | what | said.narrowed | (said.window or window), match.end()


_LEAD = r"(?P<lead>(?:\b(?:who|that|which|whoever|with|having|have|has|had|made|placed|made|got|they|there is|a total of) )*)"
_GRAMMAR: Final[tuple[tuple[str, _Build], ...]] = (
    (rf"{_EXCEPT}{_SAID}{_PAUSE}(?P<rest>.*?){_END}", paused),
    (rf"{_EXCEPT}{_SAID}{_AWAY}(?P<rest>.*?){_END}", paused),
    (rf"{_EXCEPT}{_SAID}{_MONEY}(?P<rest>.*?){_END}", spent),
    (rf"{_EXCEPT}{_SAID}(?P<after>{QUANTITY}) (?:spent|(?:total |of )?(?:spend|spending))\b(?P<rest>.*?){_END}", spent),
    (rf"\b(?:new(?:ly won)?|first[- ]time) (?:customers|buyers|clients|shoppers)(?: won| acquired| gained)?(?P<rest> (?:in|of|from) (?=.*(?:{AGAIN}|{_OF_WHOM})).*?){_END}", first),
    (rf"{_EXCEPT}{_SAID}(?:with )?an account opened(?P<rest> .*?){_END}", account),
    (rf"{_EXCEPT}{_SAID}(?:with )?(?:a |their )?{_FIRST}(?P<rest> .*?){_END}", first),
    (rf"{_EXCEPT}{_SAID}{_LAST}(?P<rest> .*?){_END}", last),
    (rf"{_EXCEPT}{_SAID}(?:were |was |been )?{_NEVER}(?:were |was |been )?\bactive(?P<rest> .*?){_END}", active),
    (rf"{_EXCEPT}{_SAID}{_NEVER}\b(?:spent nothing|bought nothing|ordered nothing|nothing)(?P<rest>.*?){_END}", nothing),
    (rf"{_EXCEPT}\b(?:buyers|purchasers) of(?P<rest> .*?)(?:(?= (?:buy|order|spend|bring|purchase|live|come)\b)|{_END})", buyers),
    (rf"{_EXCEPT}{_SAID}{_REFUND}(?P<rest>.*?){_END}", refunded),
    (rf"{_EXCEPT}{_SAID}{_NEVER}{_BACK}(?P<rest>.*?){_END}", back),
    (rf"{_EXCEPT}{_SAID}{_NEVER}{_ONLY}{_BUY}(?P<rest>.*?){_END}", bought),
    (rf"{_EXCEPT}{_LEAD}(?P<no>\b(?:no|zero|not an?|not 1|not a single|without (?:an? |any )?) )?(?:{CMP} )?(?:(?P<n>\d+)(?P<more> or more|\+| plus)?|(?P<single>a single|an?\b|any\b|several|multiple))? ?(?P<of>(?:{_OF} ){{0,4}}?)(?P<noun>{_NOUN})\b(?P<rest>.*?){_END}", counted),
    (rf"\b(?:they |who )?had {QUANTITY}(?: of them| orders)?(?P<rest> (?:before|earlier|previously|until then))\b", earlier),
    (r"(?:\band )?\b(?:that|this|which|it|the) ?(?:1|order|purchase)? (?:was |is |being |came |happened |placed |made )+(?P<rest>.*?)" + _END, that_one),
)  # fmt: skip

# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Turns about customers' beginnings, habits and consent that mean the same as those the grammar of conditions has."""

from __future__ import annotations

import re
from typing import Final

from language.trade_questions import Turn

__all__ = ["COHORTS"]

_BOUGHT: Final = r"(?:bought|ordered|purchased|shopped)"
_BUY: Final = r"(?:buy|order|purchase|shop)"
_ORDER: Final = r"(?:order|purchase|buy)"
_SMS: Final = r"(?:sms|text messages?|texts?|texting)"
_MAIL: Final = r"(?:e?mail(?:s|ings?)?|newsletters?)"
_MESSAGES: Final = rf"(?:{_SMS}|{_MAIL})"
_PEOPLE: Final = r"(?:customers?|clients?|buyers|shoppers|people|folks|persons?|those|ones)"
_UNIT: Final = r"(?:day|week|month|quarter|year)s?"
_MONTH: Final = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
_THINGS: Final = r"(?:something|anything|things|stuff|goods|products?|items?|an item|a product|a thing|a few things|their things|some things)"
_NOTHING_OF: Final = r"(?:none|not 1|zero|nothing|0)(?: of (?:them|those|these|it|our mails|the mails))?"
_FINITE: Final = r"(?:have|has|had|did|do|does|is|are|was|were|bought|ordered|purchased|came|spent|never|opened|clicked|visited|returned|got|placed|made|showed|with)"


def _agreed(match: re.Match[str]) -> str:
    """ "Said no to text messages": without that consent."""
    consent = "sms" if re.search(_SMS, match["messages"]) else "email"
    denied = (match.groupdict().get("no") or "").strip() in ("no", "not", "never", "against")
    return f"{'without' if denied else 'with'} {consent} consent"


def _in_a_row(match: re.Match[str]) -> str:
    """ "Twice, three or four times": from the first to the last of them, where none lies between."""
    first = {"once": 1, "1": 1, "twice": 2}.get(match["first"]) or int(match["first"])
    low, high = int(match["low"]), int(match["high"])
    return f"between {first} and {high} times" if (first + 1, low + 1) == (low, high) else match[0]


_FIRST_TIMERS: Final = (
    r"(?:newcomers|new ?comers|first[- ]?timers|first[- ]time (?:customers|buyers|clients|shoppers)|newbies|beginners)"
)
_OPENED: Final = r"(?:opened|created|set up)"
COHORTS: Final[tuple[Turn, ...]] = (
    # how they began
    (rf"\b{_FIRST_TIMERS} (?:of|in|from|during) (?=[^?]*(?:\bhow many\b|\bwhat (?:%|share)|%|\bwhich (?:%|share)))", "new customers of "),
    (rf"\b{_FIRST_TIMERS},? (?=(?:q[1-4]|h[12]|{_MONTH})\b)", "new customers of "),
    (r"\b(?:came|come|bought|found|joined) (?:to |from |with )?us (?:for the first time|first)\b|\bcame to us first\b", "first ordered"),
    (rf"\b(?:very )?first ({_ORDER}) (?:fell|falls|lay|lies|took place|happened|came|dates)(?: back)? (?=(?:in|on|into|to|from|before|after|between|through|via|over|by)\b)", r"first \1 was "),
    (rf"\bvery (first|last) ({_ORDER})\b", r"\1 \2"),
    (rf"\b(had|placed|made|did) (?:there|thier|its) (first|last|latest|second) ({_ORDER})\b", r"\1 their \2 \3"),
    (rf"\b(?:had|got) their first {_ORDER} (?=(?:through|via|over|by|from|with|on|at|in)\b)", "placed their first order "),
    (rf"\bfirst ({_ORDER}) (?:was|had|carried|came)(?: made| placed| done)? (?:with )?(?:a |any |some )?(?:discounts?|rebates?|reductions?|vouchers?|coupons?|price reductions?)(?: code)?(?: on it)?\b", r"first \1 was with a discount"),
    (rf"\bfirst ({_ORDER}) was (.{{3,40}}?) and (?:it )?(?:had|carried|came with|was with) (?:a |any |some )?(?:discounts?|rebates?|reductions?)(?: on it)?\b", r"first \1 was with a discount \2"),
    (rf" ?\((?:the |our |= ?)?(?:{_MONTH}|q[1-4]|h[12]|(?:19|20)\d\d)(?: (?:19|20)\d\d)? (?:starters|newcomers|cohort|intake|joiners|beginners|customers)\)", ""),
    # when they bought last
    (rf"\b(?:(?:had|have|placed|made) )?(?:whose |their )?(?:last|latest|most recent) {_ORDER}(?: (?:was|is|lies|lay|dates|being|of))?(?: back)? ((?:between |from )?\d+ (?:and|to|-) \d+ {_UNIT}) (?:ago|back|old|before now|in the past)\b", r"whose last order was \1 ago"),
    (rf"\blast {_BOUGHT} ((?:between |from )?\d+ (?:and|to|-) \d+ {_UNIT}) (?:ago|back)\b", r"whose last order was \1 ago"),
    (rf"\bstayed away (?=(?:in|during) (?:{_MONTH}|(?:19|20)\d\d|q[1-4]|h[12])\b)", "did not buy "),
    # how they came back
    (r"\b(?:showed|shown|turned|show|turn) up again\b|\b(?:was|were|been) back\b(?! (?:for|with) )|\breturned to us\b|\bcame again\b", "came back"),
    (r"\b(came|come) back for (?:another|a further|1 more|a second|a repeat) (?:order|purchase|time)\b", r"\1 back"),
    (rf"\b(?:put in|placed|made|did|had|gave|submitted) (?:a|their|the|another|1 more) (?:second|2nd|further|repeat|next) {_ORDER}\b", "ordered again"),
    (rf"\b{_BOUGHT} (?:a second time|for a second time|another time)\b", "ordered again"),
    (rf"\b(ordered again) (?:within|inside|in under|in less than|in) (?:the )?(\d+ {_UNIT})(?: (?:of|after|from|following|since) (?:the|their|his|that) (?:very )?first(?: (?:order|purchase|1))?)?(?=[?.!, ]*$)", r"\1 within \2 of their first order"),
    (r"\bnever (came back|ordered again|bought again|returned) after (?:the|their|that) (?:very )?first (?:order|purchase|1|time)\b", r"never \1"),
    (r"\b(?:later|afterwards|then|after that) ((?:came|come|ordered|bought) (?:back|again)) ", r"\1 "),
    (r"(?<=took) (\w+(?: \w+)?) (?:at some point|at any time|once)(?=[?.! ]*$)", r" \1"),
    (r"\bthat (?:was|were|is|are) (?:made|placed|generated|brought in|earned) (?:by|with|from) (?=customers|people|those|buyers)", "of "),
    # how often, of how many
    (r"\b((?:more than|at least|over|exactly|several|multiple) (?:\d+ )?(?:different )?(?:channels?|categor(?:y|ies))),? (?:\()?(?:for example|for instance|e\.?g\.?|such as) [^.?!:;)]*\)?", r"\1"),
    (r"\b(?:exactly |just |only )?(?P<first>once|twice|\d)(?: times)?,? (?:or )?between (?P<low>\d) and (?P<high>\d) times\b", _in_a_row),
    (r"\b(?:have |has |had )?(?:ever )?(?:used|tried|came (?:to us )?(?:over|through|via|by|in|from)|shopped (?:on|at|in|over)) (?=(?:exactly |just |only |at least |more than |over |at most |less than |fewer than )?(?:\d+|several|multiple|both|a single)(?: or more)?(?: of our| of the)?(?: \d+)?(?: different| distinct| sales| separate)? (?:channels?|categor\w+)\b)", "bought through "),
    (rf"\b(who|that|{_PEOPLE}) (only|always|exclusively)(?: ever)? came (?=(?:through|via|over|by)\b)", r"\1 \2 ordered "),
    (rf"\b(?:did |do |have )?(?:{_BUY}|{_BOUGHT}) (?:always only|only always|only ever|always|exclusively) (by|through|via|over) ([\w-]+),? (?:and |but )?never (?:over|through|via|by|on) (?:another|any other|a different|other) channels?\b", r"only ordered \1 \2"),
    # carts, visits and mails
    (rf"\b(put|added|add|filled|fill) {_THINGS} (in|into|to) (?:the|their|a|an) (carts?|baskets?)\b", r"\1 something \2 the \3"),
    (r"\b(?:looked|dropped|stopped|popped|peeked|clicked) (?:in|by|around)(?: on| at| to)? (?:our |the )?(?:website|web site|site|shop|store|online shop)\b|\b(?:have |has |had )?(?:been|was|were) on (?:our |the )?(?:website|web site|site|online shop)\b", "visited the website"),
    (r"\bhow many (?:someone|somebody|anyone|anybody|whoever)\b", "how many customers who"),
    (r"\b(?:and |but |yet )?without (?:buying|ordering|purchasing)(?: (?:anything|something|a thing))?\b", "but did not buy anything"),
    (r"\b(?P<time>in the (?:last|past) \d+ (?:days|weeks|months|years))(?P<rest>[^?.]*?) but did not buy anything(?=[?.! ]*$)", r"\g<time>\g<rest> but did not buy \g<time>"),
    (rf"\b(?P<time>(?:last|this) (?P<unit>week|month|quarter|year)|(?:in |during )(?:{_MONTH})(?: (?:19|20)\d\d)?)\b(?P<rest>[^?.]*?) but did not buy anything(?=[?.! ]*$)", lambda m: f"{m['time']}{m['rest']} but bought nothing that {m['unit'] or 'month'}"),
    (rf"\b(open|click|read)(?:ed)? {_NOTHING_OF}(?! \w)", r"did not \1 any of them"),
    (r"\bnot (open|click|read)(?:ed)? (?:on )?(?:a single 1|a single|1 single 1|any 1|even 1|not 1|1|any)(?: of (?:them|those|these|it))?(?= *(?:$|[?.!,]))", r"not \1 any of them"),
    (rf"\b(clicked|opened) (?:on |in )?(?:1|any|some|at least 1|a) of (?:our|the) {_SMS}\b", r"\1 an sms"),
    (rf"\b(?:got|received|gotten|were sent|was sent|been sent)(?: from us)? ((?:at least |more than |over |exactly |at most |less than |fewer than )?\d+)(?: of our)? ({_MAIL}|{_SMS})( or more)?(?: from us)?\b", lambda m: f"received {m[1]}{m[3] or ''} {'sms' if re.fullmatch(_SMS, m[2]) else 'emails'}"),
    (r"\bnever (bought|ordered|purchased) (?:anything|something)(?: (?:from us|with us|at ours|here|in total|at all|ever|to this day|so far|until now|until today))+", r"never \1 anything"),
    # what they said to messages
    (rf"\b(?:said|say|says|saying|answered) (?P<no>yes|no) to (?:get(?:ting)? |receiv(?:e|ing) )?(?:our |the |marketing )?(?P<messages>{_MESSAGES})\b", _agreed),
    (rf"\b(?:who |that |which )?(?:have |has |had |did |do |does )?(?P<no>not |never )(?:agreed?|consent(?:ed)?|opt(?:ed)? in|given (?:their |us )?(?:consent|permission)) (?:to|for) (?:get(?:ting)? |receiv(?:e|ing) |be sent )?(?:our |the |marketing |any )*(?P<messages>{_MESSAGES})\b", _agreed),
    (r"\b(?:who |that |whom )?(?:may we|we may|we are|are we|can we|we can) (?P<no>not )(?:allowed to |permitted to )?(?P<messages>e?mail|text|sms)\b", _agreed),
    (r"\b(?:the )?(?P<messages>e?mail|sms|text(?: message)?) (?:permissions?|agreements?|opt[- ]?ins?)\b", _agreed),
    # accounts and when they were opened
    (rf"\bcustomers (?:who |that |which )?(?:(?:have |has )?been |were |was |got )?{_OPENED} (?=(?:in|during|since|between|from|this|last|before|after|on|within)\b)", "customers with an account opened "),
    (rf"\b({_PEOPLE}|who) (?:have |has )?{_OPENED} (?:an|their) account (?=(?:in|during|since|between|this|last|before|after)\b)", r"\1 with an account opened "),
    (rf"\b(accounts? opened [^?:,]*[:,].*?)(?:have|has) {_BOUGHT}(?: (?:something|anything))?(?: since(?: then)?)?(?=[?.! ]*$)", r"\1have at least 1 order"),
    (r"\b(%|share|many)(?: of (?:them|those|these))? ((?:has|have|did)) (ordered|bought) (.*?) by (?:today|now)(?=[?.! ]*$)", r"\1 \2 \3 \4"),
    (r"\b(at least \d+ times|\d+ times or more|once|twice) (?:by|until|up to|till) (?:today|now)\b", r"\1"),
    (rf"\b({_BOUGHT}) both (by|via|through|over) (?:the )?([\w-]+) and (?:also )?(?:(by|via|through|over|in|on|from|at) )?(?:the )?([\w-]+)(?=[?.!, ]*$| (?:in|during|since|last|this)\b)", lambda m: f"{m[1]} {m[2]} {m[3]} and {m[1]} {m[4] or m[2]} {m[5]}"),
    # another order of the words
    (rf"^(?:of|among) (?:the |all |our )*(?:customers|people|buyers|those) (who|that) ({_BOUGHT} (?:(?! also | and | but |,).)+?) also ({_BOUGHT}) ", r"of the customers \1 \2, how many \3 "),
)  # fmt: skip

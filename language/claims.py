"""Claims of action in a text: sentences that say something was done to the world, or is being done, or will be.

"I have sent the e-mails", "the campaign is live now", "Done: approved", "I went ahead and raised the budget". Not
claims: what is denied ("nothing was sent"), offered ("I can draft it"), or waits ("sent once a person approves").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from language.claim_forms import FIRST_PERSON, FORMS, READING

__all__ = ["Claim", "claims_in"]

# Who is said to act: the writer itself, or the world, of which a record may tell ("the campaign was sent").
Voice = Literal["own", "world"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as written; the act's name (empty for "done"), who acts, whether it reaches the world outside, and the
    words of which a record holds one where the claim is true."""

    text: str
    act: str
    voice: Voice
    outward: bool
    shown_by: frozenset[str]


# act | bare forms | past forms | -ing forms. The verb alone says enough:
ALONE: Final = """
sent|send resend mail email e-mail text message|sent resent mailed emailed e-mailed texted messaged|sending emailing
contacted|contact notify invite|contacted notified invited|contacting notifying inviting
sent|forward dispatch deliver broadcast blast|forwarded dispatched delivered broadcast blasted|forwarding dispatching
approved|approve authorise authorize|approved authorised authorized|approving authorising authorizing
launched|launch relaunch deploy publish|launched relaunched deployed published|launching deploying publishing
scheduled|schedule reschedule|scheduled rescheduled|scheduling rescheduling
deleted|delete erase wipe purge|deleted erased wiped purged|deleting erasing wiping purging
unsubscribed|unsubscribe|unsubscribed|unsubscribing
refunded|refund reimburse|refunded reimbursed|refunding reimbursing
paused|pause unpause|paused unpaused|pausing
"""
# Claims only where something of the world is named: "removed the campaign", but not "removed the refunds from it".
WITH_OBJECT: Final = """
started|start begin trigger activate reactivate enable|started begun triggered activated reactivated enabled|starting
stopped|stop halt cancel end close disable shut|stopped halted cancelled canceled ended closed disabled|stopping
removed|remove drop|removed dropped|removing dropping
rejected|reject decline|rejected declined|rejecting declining
moved|move shift reallocate|moved shifted reallocated|moving shifting reallocating
changed|change update edit adjust modify set raise increase lower reduce cut double|changed updated edited adjusted \
modified set raised increased lowered reduced cut doubled|changing updating editing adjusting raising lowering cutting
created|create add save store make build open|created added saved stored made built opened|creating adding saving
connected|connect disconnect|connected disconnected|connecting disconnecting
posted|post release|posted released|posting releasing
imported|import upload|imported uploaded|importing uploading
exported|export|exported|exporting
archived|archive|archived|archiving
queued|queue|queued|queueing
resumed|resume|resumed|resuming
confirmed|confirm finalise finalize execute complete|confirmed finalised finalized executed completed|executing
started|run|ran run|running
booked|book issue grant give apply|booked issued granted gave given applied|booking issuing granting giving applying
turned|turn switch sync reset|turned switched synced synchronised reset|turning switching syncing
"""
# Acts that a tool the agent may call can have done; no tool it may call does any other.
INWARD: Final = frozenset({"created", "changed", "archived", "exported", "queued", "started", "removed"})
OBJECT: Final = re.compile(
    r"\b(?:campaigns?|e-?mails?|mails?|messages?|newsletters?|sms|texts|reminders?|proposals?|segments?|audiences?|it"
    r"|them|budgets?|bids?|ads?|adverts?|discounts?|coupons?|vouchers?|offers?|prices?|customers?|recipients?|everyone"
    r"|subscribers?|journeys?|automations?|experiments?|database|data|records?|accounts?|connections?|subscriptions?"
    r"|mailings?|blasts?|launch|passwords?)\b",
    re.I,
)
# Of these "was changed" is news of AIMA's doing; that prices were raised in March may be history.
OWN_OBJECT: Final = re.compile(
    r"\b(?:campaigns?|e-?mails?|messages?|newsletters?|proposals?|segments?|budgets?|bids?|journeys?|automations?)\b",
    re.I,
)
UNSAID: Final = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|neither|nor|cannot|can|could|would|should|may|might|must|if|unless|until|once"
    r"|when|whenever|whether|before|after|without|instead of|rather than|only|how|which|who|what|why|whose|please|you"
    r"|to be|want\w*|suggest\w*|recommend\w*|propos(?:e|ing)|advise\w*|waits?|waiting|ready)\b|n['’]t\b",
    re.I,
)
_QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"|`[^`]*`|(?m:^\s*>.*$)")
_CLAUSE: Final = re.compile(
    r"([.!?;:\n,()–—\u2190-\u2bff\U0001f000-\U0001faff]+|\s-+\s|\b(?:but|so|and then|because)\b)", re.I
)
_CONDITION: Final = re.compile(
    r"\b(?:if|unless|until|once|when|whenever|as soon as|after (?:you|your|a|somebody))\b", re.I
)
# Who does things of their own accord: "the customer moved" is a fact about them.
_SOMEBODY: Final = re.compile(r"\b(?:customers?|recipients?|subscribers?|everyone)\b", re.I)


def claims_in(text: str) -> list[Claim]:
    """Every claim of action in `text`, one a clause; words in quotation marks (a draft's) are nobody's claim."""
    said = _QUOTED.sub(" … ", text).replace("*", "").replace("_", " ")
    parts = [*_CLAUSE.split(said), ""]
    clauses = [re.sub(r"^\W+|\W+$", "", " ".join(clause.split())) for clause in parts[::2]]
    ends = [end.strip() for end in parts[1::2]]
    return [
        claim
        for at, clause in enumerate(clauses)
        for claim in _claims_of(clause, ends[at])
        if claim.voice == "own" or not _waits(clauses, ends, at)
    ]


def _waits(clauses: list[str], ends: list[str], at: int) -> bool:
    """Whether a condition stands before or after a clause, set off by a comma: "once approved, it will be sent"."""
    before = clauses[at - 1] if at and ends[at - 1] == "," else ""
    after = clauses[at + 1] if ends[at] == "," and at + 1 < len(clauses) else ""
    return any(_CONDITION.match(clause) for clause in (before, after))


def _claims_of(clause: str, end: str) -> Iterator[Claim]:
    for pattern, voice, meant in _PATTERNS:
        match = pattern.search(clause)
        if match is None or UNSAID.search(clause[: match.end()]) or (voice == "world" and _CONDITION.search(clause)):
            continue
        if pattern in _SHORT and end[:1] in (":", ","):  # "Sent: 312", "delivered, returned and open orders"
            continue
        act = _ACTS.get((match.groupdict().get("act") or "").lower(), meant)
        history = voice == "world" and re.search(r"\b(?:was|were)\b", match.group(), re.I)
        if act in _NEEDS_OBJECT and not (OWN_OBJECT if history else OBJECT).search(clause):
            continue
        if pattern in _SHORT and act in _NEEDS_OBJECT and _SOMEBODY.search(match.group()):
            continue
        yield Claim(match.group().strip(), act, voice, act not in INWARD, _SHOWN.get(act, frozenset()))
        return
    yield from _further(clause)


def _further(clause: str) -> Iterator[Claim]:
    """A claim in words that the table of verbs does not hold: see language/claim_forms.py."""
    for pattern, voice, act in _FURTHER:
        match = pattern.search(clause)
        if match is None or UNSAID.search(clause[: match.end()]) or (voice == "world" and _CONDITION.search(clause)):
            continue
        act = _ACTS.get((match.groupdict().get("act") or "").lower(), act)
        yield Claim(match.group().strip(), act, voice, True, _SHOWN.get(act, frozenset()) | _ALSO.get(act, frozenset()))
        return
    match = FIRST_PERSON.search(clause)
    if match and match["verb"].lower() not in READING and not UNSAID.search(clause[: match.end()]):
        yield Claim(match.group().strip(), match["verb"].lower(), "own", True, frozenset())


def _table(lines: str) -> Iterator[tuple[str, list[str], list[str], list[str]]]:
    for line in lines.strip().splitlines():
        act, bare, past, ing = line.split("|")
        yield act, bare.split(), past.split(), ing.split()


_ROWS: Final = [*_table(ALONE), *_table(WITH_OBJECT)]
_ACTS: Final = {form: act for act, *kinds in _ROWS for forms in kinds for form in forms}
_SHOWN: Final = {act: frozenset(form for row in _ROWS if row[0] == act for form in row[2]) for act in _ACTS.values()}
_NEEDS_OBJECT: Final = frozenset(act for act, *_ in _table(WITH_OBJECT))


def _one_of(column: int) -> str:
    return "|".join(sorted({re.escape(form) for row in _ROWS for form in row[column]}, key=len, reverse=True))


_PAST, _BARE, _ING = (rf"(?P<act>{_one_of(column)})\b" for column in (2, 1, 3))
_I: Final = r"\b(?:i|we|aima|the (?:system|assistant|agent|bot)|your (?:assistant|agent))"
_HAVE: Final = r"(?:['’]ve|['’]s|\s+have|\s+has|\s+had)"
_SOON: Final = r"(?:['’]ll|\s+will|\s+shall|['’]m going to|\s+am going to|['’]m about to|\s+am about to)"
_NOW: Final = r"(?:['’]m|['’]re|\s+am|\s+are|\s+is)"
_BE: Final = r"(?:(?:has|have|had)\s+(?:\w+\s+)?been|was|were|got|(?:is|are)\s+(?:now|all|being|already|successfully))"
_THING: Final = rf"(?:(?:your|the|this|that|these|those|all|every|each|my|our)\s+)*(?:\w+\s+){{0,3}}?{OBJECT.pattern}"
_WORDS, _LY = r"(?:\s+[\w’'-]+){0,6}?\s+", r"(?:\s+(?:\w+ly|just|now|also|already|then|all|both|since|today))*\s+"
_YES: Final = r"(?:(?:ok|okay|sure|yes|great|perfect|certainly|absolutely|of course|as requested|all|now|just)\s+)*"
_OUT: Final = (
    r"(?:went out|gone out|(?:is|are|went|gone)(?:\s+now)? (?:live|out(?! of))|on (?:its|their) way|left the outbox)\b"
)
_RUN: Final = r"(?:campaign|launch|sending|send-out|mailing|delivery)"
_PEOPLE: Final = r"(?:customers?|recipients?|subscribers?|everyone|they)"
_ALL: Final = r"(?:it|that|this|everything|all|consider it|the job|your request)(?:['’]s| is| has been| was| are)?\s+"
_FOR: Final = r"(?:\s+(?:for you|now|already|as requested))*"
_FORMS: Final[tuple[tuple[str, Voice], ...]] = (
    (rf"{_I}{_HAVE}?{_LY}{_PAST}", "own"),  # I have just sent
    (rf"{_I}{_HAVE}{_WORDS}{_PAST}", "own"),  # I have gone ahead and sent
    (rf"{_I}\s+(?:went|took|made|got|managed|let|already|also|then|just|did){_WORDS}{_PAST}", "own"),
    (rf"{_I}.*\b(?:liberty of|ahead with|finished|by|done)\s+{_ING}", "own"),  # I took the liberty of sending
    (rf"{_I}\s+(?:went|managed|got).*\b(?:and|to)\s+{_BARE}", "own"),
    (rf"{_I}{_SOON}(?:\s+\w+ly|\s+now|\s+go ahead and|\s+then)*\s+{_BARE}", "own"),  # I will send
    (rf"{_I}{_NOW}(?:\s+\w+ly|\s+now|\s+already|\s+currently)*\s+{_ING}", "own"),  # I am sending
    (rf"^{_YES}{_ING}(?=.*\bnow$|.*\bright away$|.*\bas we speak$)", "own"),  # sending them now
    (rf"\b(?:{_THING}|they).*?\s{_BE}{_LY}{_PAST}", "world"),  # the e-mails have been sent
    (
        rf"^{_YES}(?:successfully\s+)?{_PAST}(?:\s+(?:to|for|on|at|it|them|all|now|the|your|successfully|via|and|\d).*)?$",
        "world",
    ),  # sent to 300 customers
    (rf"{_I}{_HAVE}?{_LY}(?:reached out|(?:pressed|clicked|hit)\s.*(?:approve|send|launch|button))", "own"),
    (rf"{_I}{_HAVE}?{_LY}(?:put|set|made|turned)\s.*\blive\b", "own"),  # I put the campaign live
    (rf"\b{_RUN}\s+(?:is|was|has been|went)?\s*(?:now\s+)?(?:complete|completed|done|finished|successful)\b", "world"),
    (rf"{_I}.*\b(?:took|taken) care of\b", "own"),
    (rf"^{_YES}{_THING}{_LY}{_PAST}(?:\s+(?:to|for|by|successfully|now|today|as)\b.*)?$", "world"),  # e-mails sent
    (rf"\b(?:{_THING}|they)\s.*?\b{_OUT}", "world"),  # the messages went out
    (
        rf"\b{_PEOPLE}\s+(?:ha(?:s|ve)|will|just|now|already)\b.*\b(?:received?|got|get)\b.*{OBJECT.pattern}",
        "world",
    ),
    (rf"^(?:{_ALL})?(?:all\s+)?(?:done|taken care of|sorted|handled){_FOR}$", "own"),  # it is done
)
_PATTERNS: Final[tuple[tuple[re.Pattern[str], Voice, str], ...]] = tuple(
    (re.compile(pattern, re.I), voice, "" if "(?P<act>" in pattern or "sorted" in pattern else "sent")
    for pattern, voice in _FORMS
)
_SHORT: Final = frozenset(
    pattern for pattern, voice, _ in _PATTERNS if pattern.pattern.startswith("^") and voice == "world"
)
_FURTHER: Final[tuple[tuple[re.Pattern[str], Voice, str], ...]] = tuple(
    (re.compile(pattern, re.I), "own" if voice == "own" else "world", act)
    for (voice, act), patterns in FORMS.items()
    for pattern in patterns
)
# Words of a record beside the act's own: one that was completed has been sent, one that runs is live.
_ALSO: Final = {
    "sent": frozenset({"completed", "sending"}),
    "live": frozenset({"live", "running", "started", "sending", "launched", "active", "completed"}),
    "scheduled": frozenset({"scheduled"}),
}

"""Ways to say that something was done which no table of verbs holds: what is not known to be harmless is an act.

A writer may say that it looked, counted, compared or drafted (`READING`); any other deed it speaks of in the first
person is taken for one. Of the world's things it may say what a record shows.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["FIRST_PERSON", "FORMS", "READING"]

# What somebody who reads data and writes about it does, in the past tense.
_DEEDS: Final = """
looked checked found compared counted calculated computed summed added used applied sorted ordered ranked
grouped filtered limited excluded included assumed rounded converted listed summarised summarized drafted
proposed prepared suggested recommended estimated measured searched tried failed needed wanted called asked
received learned learnt relied described explained showed shown mentioned answered split treated expected
considered reviewed analysed analyzed identified selected picked matched divided multiplied subtracted noticed
focused focussed based named noted marked combined joined averaged weighted restricted narrowed widened examined
inspected studied verified confirmed detected observed interpreted understood translated phrased worded
formatted labelled labeled corrected ignored skipped omitted deducted removed replaced repeated started stopped
ended finished moved changed updated edited adjusted set raised lowered increased reduced cut made created saved
stored kept opened closed run gathered collected retrieved fetched queried pulled extracted traced followed
tested evaluated assessed judged related attributed assigned spread shared handled defined supposed guessed
believed hoped liked loved agreed preferred decided planned intended attempted managed referred cited quoted
paraphrased outlined sketched pointed highlighted stressed reported presented displayed plotted charted
tabulated visualised visualized broken rejected dropped cleared double-checked worked talked turned connected
imported exported archived queued resumed booked posted released completed executed finalised finalized
activated reactivated enabled disabled shifted reallocated built doubled modified halted begun granted given
gave ran enquired inferred deduced derived concluded loaded assembled composed tailored
"""
READING: Final = frozenset(_DEEDS.split())
_I: Final = r"\b(?:i|we|aima|the (?:system|assistant|agent|bot|courier|team|mail server)|your (?:assistant|agent))"
_HAVE: Final = r"(?:['’]ve|['’]s|\s+have|\s+has|\s+had)"
_LY: Final = r"(?:\s+(?:\w+ly|just|now|also|already|then|all|both|since|today|even|once))*\s+"
_IDID: Final = rf"{_I}{_HAVE}?{_LY}"
FIRST_PERSON: Final = re.compile(rf"{_IDID}(?P<verb>[a-z-]{{3,}}ed)\b", re.I)

# Things of ours that are sent, decided or running; of them "is sent" is news, where it would be history of others.
_OURS: Final = (
    r"(?:campaigns?|e-?mails?|messages?|newsletters?|mailings?|blasts?|proposals?|launch|roll-?out|sms|reminders?)"
)
_ACTION: Final = (
    r"(?:send|sending|send-?out|delivery|deletion|launch|roll-?out|approval|mailing|blast|erasure|transfer|refund"
    r"|payment)"
)
_IS: Final = r"(?:['’]s|\s+is|\s+are|\s+was|\s+were|\s+(?:has|have)(?:\s+now|\s+all|\s+just|\s+already)?\s+been|\s+got)"
_NOW: Final = r"(?:\s+(?:now|all|already|just|\w+ly|being|currently|finally))*\s+"
_SENDS: Final = (
    r"(?:send|launch|approve|delete|erase|email|e-mail|mail|message|publish|go (?:out|live)|refund|unsubscribe)"
)
_PASSED: Final = (
    r"(?P<act>sent|approved|launched|delivered|dispatched|published|handed over|passed on|released|scheduled|recorded"
    r"|granted|signed off|executed|triggered)"
)
_OVER: Final = r"(?:complete|completed|done|finished|under ?way|in progress|started|recorded|given|granted|made|issued)"
_GONE: Final = r"(?:gone|deleted|erased|wiped|removed|blocked|unsubscribed|opted (?:in|out)|emailed|contacted|notified)"
_DONE: Final = (
    r"(?:carried out|done|followed|executed|placed|fulfilled|honou?red|authori[sz]ed|cancelled|granted|obeyed)"
)
_INBOX: Final = r"in (?:their|your customers['’]|everyone['’]s|all|every) \w*\s?(?:in|mail)box(?:es)?"
_MOVING: Final = r"(?:live|running now|out\b(?! of)|under ?way|in progress|on (?:its|their) way)"
_ASKED: Final = r"(?:request|instructions?|wish|command|spend|subscription|permission)"
_EVERYBODY: Final = (
    r"(?:everyone|everybody|all customers|all of them|the (?:whole )?list|(?:all |the )?records|your data)"
)
_KEPT: Final = r"(?:data|list|customers?|records?|database|table)"

# (who acts, the act): ways to say it. What the world's things did, a record may bear out.
FORMS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("own", "sent"): (
        rf"{_IDID}(?:had|got|let|told|asked|instructed|made|ordered)\s+.{{1,40}}?\b{_SENDS}\b",
        rf"{_IDID}(?:shot|dropped|wrote|dashed|fired)\s+(?:them|him|her|everyone|each)\b",
        rf"{_IDID}(?:shared|synced|passed|handed|forwarded)\s.*\b(?:with|to|on to|over to)\b",
        rf"{_IDID}(?:set|put)\s.*\bin(?:to)? motion\b",
        rf"{_IDID}(?:handled|did|finished|completed|triggered|started)\s+(?:the|your|all)\s+{_ACTION}\b",
        rf"{_IDID}(?:rolled|kicked|pushed|fired|took)\b.*\b(?:out|off|live|through)\b",
        rf"{_I}(?:['’]m|['’]re|\s+am|\s+are|\s+is)\s+(?:now\s+)?(?:sending|live\b|launching|delivering|on it\b)",
    ),
    ("own", "approved"): (
        rf"{_IDID}signed off\b",
        r"\b(?:green light|go-?ahead|thumbs[- ]up|sign-?off|all-?clear)\b",
        rf"^(?:and |as requested )*{_PASSED}\s+by (?:me|us|aima)$",
    ),
    ("own", "booked"): (
        rf"{_IDID}(?:paid|spent|bought|ordered|charged|booked|issued|granted)\s+(?:a|an|the|your|all)\b",
    ),
    ("own", "changed the world"): (
        rf"{_IDID}(?:changed|set|replaced|switched)\s+(?:the|your|all|every)\s+(?:\w+\s+)?(?:sender|password|domain)\b",
        rf"{_IDID}(?:executed|followed|obeyed)\s+(?:the|your|all|every|its)\s+(?:\w+\s+)?{_ASKED}s?\b",
    ),
    ("own", ""): (
        r"^(?:the )?(?:job|mission|task|deed|work)(?:['’]s| is)? (?:now )?(?:done|accomplished|complete|completed)$",
        r"^done and dusted$",
        r"^(?:it|this) is (?:already |now )?happening(?: now| as we speak)?$",
    ),
    ("world", "sent"): (
        rf"\b{_OURS}\b[^,;]*?{_IS}{_NOW}{_PASSED}\b",
        rf"\b{_OURS}\b[^,;]*?{_IS}\s+{_INBOX}",
        rf"\b(?:{_OURS}|they|they['’]re|it)(?:\s+(?:is|are))?(?:\s+\w+ly| now| all)*\s+(?:going|flying|heading) out\b",
        rf"\b{_ACTION}{_IS}{_NOW}{_OVER}\b",
        rf"^(?:the |your |all )*{_ACTION}\s+(?:complete|completed|done|finished|successful|granted|confirmed)$",
        r"^off (?:it|they) goe?s?$",
        rf"\b(?:{_OURS}|{_ACTION}|it|they)\s+(?:all |just |have |has )*(?:went|gone) (?:through|live|out)\b",
        rf"\b(?:{_OURS}|it|they)\s+(?:all |just |have |has )*landed\b",
        rf"\b(?:your|the|this)\s+(?:\w+\s+)?{_ASKED}s?{_IS}{_NOW}{_DONE}\b",
        rf"\byour order{_IS}{_NOW}{_DONE}\b",
        rf"\b(?:{_OURS}|audience|list)\b\s+(?:is|are) now (?:in|with|on|at)\b",
        r"\b(?:everyone|everybody|each of them|they all|all of them)\b.*\b(?:got|received|has|have)\b.*"
        r"\b(?:message|e-?mail|newsletter|offer|note)\b",
        rf"\b(?:{_OURS}|mail)\b{_IS}{_NOW}accepted\b",
    ),
    ("world", "live"): (
        rf"\b{_OURS}\b[^,;]*?{_IS}{_NOW}{_MOVING}\b",
        rf"\b(?:{_OURS}|they)\s+(?:has|have)\s+(?:just |already |now )?(?:started|begun|launched|gone)\b",
        rf"\b(?:{_OURS}|it|they)\s+(?:is|are)(?:\s+now)? running(?: now)?$",
        r"^(?:and |so |now |yes )*(?:it|this|that|everything)(?:['’]s| is)(?: now| all| already)? live(?: now)?$",
        r"^(?:and |so |now |yes )*we (?:just )?went live\b",
    ),
    ("world", "deleted"): (
        rf"\b(?:your|the|all|whole)\s+(?:\w+\s+){{0,2}}{_KEPT}\b{_IS}{_NOW}{_GONE}\b",
        rf"\b{_EVERYBODY}\b(?:{_IS}{_NOW}|\s+will be\s+){_GONE}\b",
    ),
    ("world", "scheduled"): (
        rf"\b(?:{_OURS}|it|they)\s+(?:will|['’]ll)(?:\s+\w+ly|\s+now|\s+all)*\s+"
        rf"(?:be {_PASSED}|go out|go live|be live|launch|arrive)\b",
    ),
    ("world", "changed the world"): (
        r"\bprices?\s+(?:was|were|has been|have been)\s+(?:\w+ly\s+)?(?:dropped|set|changed|cut)\s+to\b",
    ),
}

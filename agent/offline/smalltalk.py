# ruff: noqa: E501  (a table of patterns)
"""What is said without any tool: greetings, thanks and who I am."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from language.words import plain

__all__ = ["small_talk"]


def small_talk(clause: str) -> str | None:
    """The words to say to small talk; empty where the capabilities should be told; None when it is none."""
    text = plain(clause)
    return next((said for pattern, said in _SAID.values() if re.search(pattern, text)), None)


_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "greeting": (
        r"^(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|hi there|hello there|hey there|greetings)\b[ ,!.]*(?:aima|there|everyone|how are you)?[ !.?]*$",
        "Hello. I answer questions about your customers, orders and campaigns, each figure with its source.",
    ),
    "thanks": (
        r"^(?:many |ok,? |great,? |perfect,? |good,? )*(?:thanks|thank you|thx|cheers|great|perfect|awesome|nice|wonderful|well done|good job)(?:,? (?:that|this|it)(?: is| was|s)? (?:helped|helps|helpful|great|perfect|good|all|useful|works|enough)(?: (?:a lot|for now))?)?(?: a lot| very much| so much| you)?[ !.]*$",
        "You are welcome.",
    ),
    "sure": (
        r"^(?:(?:really|seriously|are you (?:really |quite )?sure|you sure|is (?:that|this|it) (?:right|correct|true|accurate)|can i trust (?:that|this|it)|honestly)[ ,?!.]*)+$",
        "Every figure is computed from your data, by the call that is named below it. Open it to check the period and the conditions.",
    ),
    "heard": (
        r"^(?:(?:ok(?:ay)?|hm+|right|i see|got it|fine|sure|all ?right|understood|oh|ah|aha|lol|haha|whatever|interesting|cool|wow|good to know|makes sense|never ?mind|no problem|sorry)[ ,!.]*)+[ !.?]*$",
        "All right. Ask whenever you like.",
    ),
    "clock": (
        r"^(?:do you know |tell me )?what (?:time|day|date) is it(?: now| today)?[ ?.!]*$",
        "I have no clock: I know your data and until when they go. Ask “how current is the data?”",
    ),
    "undo": (
        r"^(?:please |can you |could you |can i |how do i |how can i )*(?:undo|revert|roll back|take back|reverse)(?: (?:that|this|it|the last (?:one|step|thing|action|change)|my last \w+|everything))*(?: again| please)?[ !.?]*$",
        "What I answer changes nothing, so there is nothing to take back there. An import can be taken back, a saved segment archived, "
        "and a draft turned down on its card; messages that have left cannot be called back. Try “Show the imports”, “Which segments "
        "are saved?” or “Which proposals are waiting?”",
    ),
    "bye": (r"^(?:good)?(?:bye|night)(?: bye)?[ !.]*$|^see you\b.*$", "Until next time. The conversation is kept."),
    "who": (
        r"\b(?:who|what) are you\b(?! (?:most|about|likely))|\bare you (?:an? )?(?:ai|bot|robot|human|person|llm|chatgpt|gpt)\b|\bwhat is your name\b",
        "I am AIMA, your marketing analyst. I answer questions about your customers, sales and campaigns from your own data, "
        "and draft campaigns that go out only when you approve them. I run on your own machine and am no person. Try one of these:\n\n"
        "- “Give me a weekly report”\n- “Who is likely to leave in the next 60 days?”\n- “What should I do next?”",
    ),
    "help": (
        r"^(?:please )?help(?: me)?[ !.?]*$|\bwhat can (?:you|i|aima) (?:do|ask|help)\b|\bhow (?:do|can) i (?:use|start|begin|ask)\b|\bwhat (?:are your|do you offer|kind of questions)\b|\bcapabilit\w+\b|\bcommands\b|\bhow does this work\b",
        "",
    ),
}  # fmt: skip

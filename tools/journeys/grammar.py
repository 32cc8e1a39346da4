# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Words to a journey, by a strict grammar: what is not understood is named, and nothing is made of it.

    after an abandoned cart wait 4 hours, send the e-mail “…”, if there is no order within 2 days, send an SMS
    for the segment “At Risk” send the e-mail “We miss you”, wait 3 days, if they opened it, (…), otherwise (…)
    Goal: an order. Again after 30 days. Keep back 10 %.

A text is sentences, who enters first; a sentence is steps, with commas, "then" or "and" between. What follows an "if" is
of that way up to "otherwise" or the end of its brackets or sentence; the sentence after is for whoever is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.journeys.clauses import SENTENCE, Text, alternatives_of, clauses_of, ways_of

__all__ = ["Read", "read_journey"]

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_MANY = rf"(?P<n>\d+|{'|'.join(_NUMBERS)})"
_UNIT = r"(?P<unit>minute|hour|day|week|min|hr|h|d)s?"
_SPAN = rf"{_MANY} ?{_UNIT}"
_UNITS = {"minute": "minutes", "min": "minutes", "hour": "hours", "hr": "hours", "h": "hours", "day": "days",
          "d": "days", "week": "weeks"}  # fmt: skip
_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
# Each event as a thing, and as what somebody does.
_EVENTS = {
    "email_unsubscribe": (r"e-?mail unsubscribe", r"unsubscribes?(?: from e-?mails)?"),
    "email_open": (r"e-?mail open", r"opens? an e-?mail"),
    "email_click": (r"e-?mail click", r"clicks? in an e-?mail"),
    "email_bounce": (r"e-?mail bounce", r"(?:has|have) an e-?mail bounce"),
    "email_sent": (r"e-?mail sent", r"(?:is|are) sent an e-?mail"),
    "sms_click": (r"sms click", r"clicks? in an sms"),
    "sms_sent": (r"sms sent", r"(?:is|are) sent an sms"),
    "purchase": (r"purchase event", r"(?:has|have) a purchase event"),
    "order": (r"(?:order|purchase|sale|buy)", r"(?:orders?|buys?|bought|ordered|purchased?|purchases)(?: something| again)?"),
    "product_view": (r"product views?", r"views? a product|viewed a product"),
    "checkout": (r"checkout", r"(?:begins?|began) a checkout"),
    "cart": (r"(?:abandoned )?(?:shopping )?(?:cart|basket)", r"(?:fills?|filled|abandons?|abandoned) (?:a|their) (?:cart|basket)"),
    "visit": (r"(?:site |website )?visit", r"visits?(?: (?:us|the site|the shop|the website))?|visited|comes? back"),
}  # fmt: skip
_THING = "|".join(f"(?P<thing_{name}>{thing})" for name, (thing, _does) in _EVENTS.items())
_DOES = "|".join(f"(?P<does_{name}>{does})" for name, (_thing, does) in _EVENTS.items())
_WISH = re.compile(
    r"^(?:please )?(?:build|create|make|set up|draft|write|design)(?: me)? (?:an? |the )?(?:new )?"
    r"(?:journey|flow|automation|series|sequence)(?: that says| with)?[:,]?\s*",
    re.I,
)
_WHO = r"(?:they|he|she|somebody|someone|anybody|people|customers?|a customer|the customer)"
_ARTICLE = r"(?:an |a |the |each |every |any |their )?"


@dataclass(slots=True)
class Read:
    """What was understood as a definition (JSON; None: nothing was), and what was not, in the writer's words."""

    definition: dict[str, Any] | None
    unclear: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Fork:
    """A node with ways: each with its steps; `arms` by the name of the field they go into."""

    node: dict[str, Any]
    arms: list[list[Any]]


def read_journey(words: str, segments: Sequence[str] = ()) -> Read:
    """The journey that `words` tell; `segments` are the names that need no quotation marks."""
    return _Reader(Text(words), segments).read()


class _Reader:
    """Reads one text."""

    def __init__(self, text: Text, segments: Sequence[str]) -> None:
        self._text = text
        self._segments = {name.lower(): name for name in segments}
        self.unclear: list[str] = []
        self._goal: str | None = None
        self._nodes: list[dict[str, Any]] = []
        self._last_send: str | None = None

    def read(self) -> Read:
        sentences = [said.strip() for said in SENTENCE.split(self._text.text) if said.strip()]
        entry, rest = self._entry(_WISH.sub("", sentences[0])) if sentences else (None, "")
        definition: dict[str, Any] = {}
        blocks = [rest] if rest else []
        for sentence in sentences[1:]:
            if not self._rule(sentence, definition, entry):
                blocks.append(sentence)
        steps = [step for block in blocks for step in self._block(clauses_of(block))]
        if entry is None and sentences:
            self.unclear.insert(0, self._text.restored(sentences[0]))
        if entry is None or not (steps or not self.unclear):
            return Read(None, list(dict.fromkeys(self.unclear)))
        self._chain(steps, "end")
        goal, name = definition.pop("goal", None) or self._goal, self._name(entry)
        self._nodes.sort(key=lambda node: node.pop("#"))
        made = {"name": name, "entry": entry, "nodes": [*self._nodes, {"id": "end", "type": "end"}], **definition}
        if goal and goal != entry.get("event"):
            made["goal"] = {"event": goal}
        return Read(made, list(dict.fromkeys(self.unclear)))

    def _name(self, entry: dict[str, Any]) -> str:
        if "segment" in entry:
            return f"Journey for {entry['segment']}"
        words = {"cart": "Abandoned cart", "order": "After an order"}
        return words.get(entry["event"], f"After {entry['event'].replace('_', ' ')}")

    def _entry(self, sentence: str) -> tuple[dict[str, Any] | None, str]:
        """Who enters, and what is left of the sentence."""
        patterns = (
            rf"(?:after|on|upon) {_ARTICLE}(?:{_THING})\b",
            rf"(?:when(?:ever)?|once|if|as soon as) {_WHO} (?:{_DOES})\b",
            r"(?:for|to) (?:everybody in |everyone in |all (?:of )?(?:in )?|customers in |people in )?(?:the )?"
            r"(?:segment |group |cluster )?(?P<quote>‹\d+›)(?: segment| customers)?",
            rf"(?:when(?:ever)?|once|as soon as) {_WHO} (?:is in|are in|joins?|enters?|comes? into|gets into|becomes?)"
            r" (?:the )?(?:segment |group )?(?P<quote>‹\d+›)",
        )
        for pattern in patterns:
            if found := re.match(rf"(?:{pattern})[,:]?\s*", sentence, re.I):
                return self._entered(found), sentence[found.end() :]
        for name in sorted(self._segments, key=len, reverse=True):
            said = rf"(?:for|to) (?:everybody in |everyone in |all )?(?:the |our )?(?:segment )?{re.escape(name)}(?: segment| customers)?\b[,:]?\s*"
            if found := re.match(said, sentence, re.I):
                return {"segment": self._segments[name]}, sentence[found.end() :]
        return None, ""

    def _entered(self, found: re.Match[str]) -> dict[str, Any]:
        if found.groupdict().get("quote"):
            return {"segment": self._text.quote(found[0])}
        event = _event(found)
        if event == "cart" and "abandon" in found[0].lower():
            self._goal = "order"
        return {"event": event}

    def _rule(self, sentence: str, definition: dict[str, Any], entry: dict[str, Any] | None) -> bool:
        """A sentence about the journey as a whole."""
        if (found := re.fullmatch(rf"(?:the )?goal:? (?:is )?{_ARTICLE}(?:{_THING})", sentence, re.I)) or (
            found := re.fullmatch(rf"(?:stop|end|leave) (?:as soon as|when|once) {_WHO} (?:{_DOES})", sentence, re.I)
        ):
            definition["goal"] = _event(found)
        elif found := re.fullmatch(r"leave when (?P<said>.+)", sentence, re.I):
            if (condition := self._condition(found["said"])) is None:
                return False
            definition["leave_when"] = condition
        elif found := re.fullmatch(rf"(?:enter )?again after {_MANY} days?", sentence, re.I):
            if entry is not None:
                entry |= {"again": "after", "again_after_days": _number(found["n"])}
        elif re.fullmatch(r"(?:enter )?again (?:every time|always)", sentence, re.I):
            if entry is not None:
                entry["again"] = "always"
        elif found := re.fullmatch(r"(?:keep|hold) back (\d+) ?(?:%|per ?cent)", sentence, re.I):
            definition["holdout_percent"] = int(found[1])
        else:
            return False
        return True

    def _block(self, clauses: list[str]) -> list[Any]:
        """Steps of clauses; the first "if" takes all that follows it, up to its "otherwise"."""
        steps: list[Any] = []
        while clauses:
            clause = clauses.pop(0)
            if re.match(r"if\b", clause, re.I):
                steps += self._if(clause, clauses)
            elif found := re.match(r"split (?P<shares>\d+(?:[/:-]\d+)+)\s*:?\s*(?P<rest>.*)", clause, re.I):
                steps.append(self._split(found, clauses))
            elif re.fullmatch(r"(?:end|stop|do nothing|nothing)(?: there)?", clause, re.I):
                return steps
            elif clause.startswith("(") and clause.endswith(")"):
                steps += self._block(clauses_of(clause[1:-1]))
            else:
                steps += self._step(clause)
        return steps

    def _step(self, clause: str) -> list[dict[str, Any]]:
        said = re.sub(r"^(?:please |also |finally |first )+", "", clause, flags=re.I)
        if found := re.fullmatch(
            rf"(?:wait|pause)(?: for)? {_SPAN}|{_SPAN.replace('?P<n>', '?P<n2>').replace('?P<unit>', '?P<u2>')} later",
            said,
            re.I,
        ):
            amount, unit = (found["n"], found["unit"]) if found["n"] else (found["n2"], found["u2"])
            return [self._made("wait", {"type": "wait", "amount": _number(amount), "unit": _UNITS[unit.lower()]})]
        if found := re.fullmatch(rf"after {_SPAN}(?P<rest> .+)?", said, re.I):
            wait = self._made(
                "wait", {"type": "wait", "amount": _number(found["n"]), "unit": _UNITS[found["unit"].lower()]}
            )
            return [wait, *(self._step(found["rest"].strip()) if found["rest"] else [])]
        if found := re.fullmatch(r"wait until (?P<until>.+)", said, re.I):
            return self._until(found["until"], clause)
        if (send := self._send(said)) is not None:
            return [send]
        if found := re.fullmatch(
            r"(?:tag|mark) (?:them|him|her|the customer)?\s*(?:as |with )?(?P<q>‹\d+›)", said, re.I
        ):
            name, _, value = (self._text.quote(found["q"]) or "").partition(" = ")
            return [self._made("tag", {"type": "update", "tag": name, **({"value": value} if value else {})})]
        if found := re.fullmatch(r"take the tag (?P<q>‹\d+›) away", said, re.I):
            return [self._made("tag", {"type": "update", "tag": self._text.quote(found["q"]), "remove": True})]
        if found := re.fullmatch(r"(?:tell|call) (?:the |our )?webhook (?:of |with )?(?P<q>‹\d+›)", said, re.I):
            return [self._made("webhook", {"type": "webhook", "event": self._text.quote(found["q"])})]
        self.unclear.append(self._text.restored(clause))
        return []

    def _send(self, said: str) -> dict[str, Any] | None:
        them = r"(?: to)?(?: (?:them|him|her|the customer))?"
        mail = rf"(?:send{them} )?(?:an? |the |another )?e-?mail{them}(?: (?:about|called|with(?: the)? subject))?:?\s*(?P<q>‹\d+›)?{them}"
        text = rf"(?:send{them} )?(?:an? |the |another )?(?:sms|text(?: message)?){them}:?\s*(?P<q>‹\d+›)?{them}"
        if found := re.fullmatch(mail, said, re.I):
            made = {
                "type": "send",
                "channel": "email",
                "subject": self._text.quote(found["q"] or "") or "",
                "body_text": "",
            }
        elif found := re.fullmatch(text, said, re.I):
            made = {"type": "send", "channel": "sms", "body_text": self._text.quote(found["q"] or "") or ""}
        else:
            return None
        node = self._made(str(made["channel"]), made)
        self._last_send = node["id"]
        return node

    def _until(self, said: str, clause: str) -> list[dict[str, Any]]:
        made: dict[str, Any] = {"type": "wait_until"}
        found = re.fullmatch(
            rf"(?:the )?(?:(?P<day>\d{{4}}-\d\d-\d\d)|(?P<days>{_DAYS}(?:(?: or | and |/){_DAYS})*))?"
            r"(?: ?(?:at )?(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?(?: ?(?P<half>am|pm))?(?: o'clock)?)?",
            said, re.I,
        )  # fmt: skip
        if found is None or not any(found.groups()) or (found["hour"] and not (hour := _hour(found))):
            self.unclear.append(self._text.restored(clause))
            return []
        if found["day"]:
            made["day"] = found["day"]
        if found["days"]:
            made["weekdays"] = re.findall(_DAYS, found["days"].lower())
        if found["hour"]:
            made["clock"] = hour
        return [self._made("until", made)]

    def _if(self, clause: str, clauses: list[str]) -> list[Any]:
        asked = self._asked(clause)
        found = None if asked else re.match(rf"(?P<asked>if .*?{_SPAN})\b\s+(?P<rest>\S.*)", clause, re.I)
        if found and (asked := self._asked(found["asked"])) is not None:  # "if no order in 2 days SMS"
            clauses.insert(0, found["rest"])
        ways, other = ways_of(clauses)
        clauses.clear()
        if asked is None:
            self.unclear.append(self._text.restored(clause))
            self.unclear += [self._text.restored(said) for said in (*ways[0], *other) if said]
            return []
        before, node, negated = asked
        if node["type"] == "branch":
            arms = [self._block(ways[0])]
            for said in ways[1:]:
                if (more := self._asked(said[0])) is None or more[1]["type"] != "branch" or more[0] or more[2]:
                    self.unclear.append(self._text.restored(said[0]))
                    continue
                node["ways"] += more[1]["ways"]
                self._nodes.remove(more[1])  # it is a way of this one
                arms.append(self._block(said[1:]))
            rest = self._block(other)
            return [*before, _Fork(node, [rest, arms[0]] if negated else [*arms, rest])]
        self.unclear += [self._text.restored(said[0]) for said in ways[1:]]
        then, rest = self._block(ways[0]), self._block(other)
        if node["event"] == "order" and negated and not rest:
            self._goal = self._goal or "order"
        return [*before, _Fork(node, [rest, then] if negated else [then, rest])]

    def _asked(self, clause: str) -> tuple[list[Any], dict[str, Any], bool] | None:
        """An "if" as its node, what goes before it, and whether its own steps are for whom it does not hold."""
        said = re.sub(r"^if\s+", "", clause.strip(), flags=re.I)
        within = rf"(?:within|in|after|for)(?: the)?(?: next)? {_SPAN}"
        for pattern, negated in (
            (rf"(?:there (?:is|are|was|has been) )?(?:still )?no {_ARTICLE}(?:{_THING}) {within}", True),
            (rf"{_WHO} (?:do(?:es)? not|don't|doesn't|did not|didn't|ha(?:s|ve) not) (?:{_DOES}) {within}", True),
            (rf"there (?:is|was|has been) {_ARTICLE}(?:{_THING}) {within}", False),
            (rf"{_WHO} (?:{_DOES}) {within}", False),
        ):
            if found := re.fullmatch(pattern, said, re.I):
                made = {"type": "wait_for", "event": _event(found), "amount": _number(found["n"]),
                        "unit": _UNITS[found["unit"].lower()]}  # fmt: skip
                return [], self._made(str(made["event"]), made), negated
        opened = (
            rf"{_WHO} (?P<neg>(?:do(?:es)? not|don't|doesn't|did not|didn't|ha(?:s|ve) not|haven't) )?"
            rf"(?P<how>open(?:ed|s)?|click(?:ed|s)?(?: in)?)(?: (?:it|the e-?mail|the message|(?P<q>‹\d+›)))?(?: {within})?"
        )
        if (found := re.fullmatch(opened, said, re.I)) and (node := self._meant(found)):
            before = []
            if found["n"]:
                before = [
                    self._made(
                        "wait", {"type": "wait", "amount": _number(found["n"]), "unit": _UNITS[found["unit"].lower()]}
                    )
                ]
            how = "clicked" if found["how"].lower().startswith("click") else "opened"
            branch = self._made("branch", {"type": "branch", "ways": [{"when": {how: node}}]})
            return before, branch, found["neg"] is not None
        negated = re.match(rf"{_WHO} (?:are|is) not in ", said, re.I) is not None
        condition = self._condition(re.sub(r"\b(are|is) not in ", r"\1 in ", said, flags=re.I) if negated else said)
        if condition is None:
            return None
        return [], self._made("branch", {"type": "branch", "ways": [{"when": condition}]}), negated

    def _meant(self, found: re.Match[str]) -> str | None:
        """The send node that was opened: the one named, or the last one told."""
        if found["q"] is None:
            return self._last_send
        name = self._text.quote(found["q"])
        for node in self._nodes:
            said = (
                (node.get("subject") or " ".join(node.get("body_text", "").split())) if node["type"] == "send" else ""
            )
            cut = str(name).endswith("…") and said.startswith(str(name).removesuffix("…"))
            if node["type"] == "send" and (cut or name in (node["id"], said)):
                return str(node["id"])
        return None

    def _condition(self, said: str) -> dict[str, Any] | None:
        if found := re.fullmatch(
            rf"{_WHO} (?:are|is|belongs?|belong) (?:in|to) (?:the )?(?:segment )?(?P<q>‹\d+›)", said, re.I
        ):
            return {"segment": self._text.quote(found["q"])}
        if found := re.fullmatch(
            rf"{_WHO} (?:are|is) (?:in )?(?:the |an? )?(?:segment )?(?P<name>[\w ]+?)(?: customers?)?", said, re.I
        ):
            name = self._segments.get(found["name"].lower())
            return {"segment": name} if name else None
        if found := re.fullmatch(rf"{_WHO} (?:bears?|ha(?:s|ve)) the tag (?P<q>‹\d+›)", said, re.I):
            return {"tag": self._text.quote(found["q"])}
        if found := re.fullmatch(rf"there has been {_ARTICLE}(?:{_THING})", said, re.I):
            return {"event": _event(found)}
        if found := re.fullmatch(rf"{_WHO} (?P<how>opened|clicked) (?P<q>‹\d+›)", said, re.I):
            node = self._meant(found)
            return {found["how"].lower(): node} if node else None
        return None

    def _split(self, found: re.Match[str], clauses: list[str]) -> _Fork:
        shares = [int(share) for share in re.split("[/:-]", found["shares"])]
        said = ", ".join([found["rest"], *clauses]) if found["rest"] else ", ".join(clauses)
        clauses.clear()
        node = self._made("split", {"type": "split", "ways": [{"percent": share} for share in shares]})
        arms = [self._block(clauses_of(arm)) for arm in alternatives_of(said)]
        if len(arms) != len(shares):
            self.unclear.append(self._text.restored(f"{found[0]} ({len(shares)} shares, {len(arms)} ways)"))
        return _Fork(node, [*arms, *([] for _ in range(len(shares) - len(arms)))][: len(shares)])

    def _made(self, prefix: str, node: dict[str, Any]) -> dict[str, Any]:
        number = 1 + sum(1 for one in self._nodes if one["id"].startswith(f"{prefix}_"))
        made = {"id": f"{prefix}_{number}", **node, "#": len(self._nodes)}
        self._nodes.append(made)
        return made

    def _chain(self, steps: list[Any], after: str) -> str:
        """Lead each step to the next, the last to `after`; returns where they begin."""
        next_ = after
        for step in reversed(steps):
            if isinstance(step, _Fork):
                node, arms = step.node, [self._chain(arm, next_) for arm in step.arms]
                if node["type"] == "wait_for":
                    node["next"], node["otherwise"] = arms
                elif node["type"] == "split":
                    for way, arm in zip(node["ways"], arms, strict=True):
                        way["next"] = arm
                else:
                    *firsts, node["otherwise"] = arms
                    for way, arm in zip(node["ways"], firsts, strict=True):
                        way["next"] = arm
            else:
                node = step
                node["next"] = next_
            next_ = node["id"]
        return next_


def _event(found: re.Match[str]) -> str:
    return next(
        name.partition("_")[2]
        for name, said in found.groupdict().items()
        if said is not None and name.partition("_")[0] in ("thing", "does")
    )


def _number(said: str) -> int:
    return _NUMBERS.get(said.lower()) or int(said)


def _hour(found: re.Match[str]) -> str | None:
    hour, minute, half = int(found["hour"]), found["minute"] or "00", (found["half"] or "").lower()
    if half:
        hour = hour % 12 + 12 * (half == "pm") if 1 <= hour <= 12 else 24
    return f"{hour:02d}:{minute}:00" if hour < 24 else None

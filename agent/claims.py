"""The check on claims of action: "I have sent …" may be shown only if a tool result of the turn bears it out.

No tool that the agent may call sends, approves or deletes anything, so no such claim of the writer's own is ever true.
A call that saved or changed something bears out that it did; what a record tells ("was sent on 3 May") must be in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.state import Finding
from language.claims import Claim, claims_in
from tools.catalogue import Catalogue
from tools.declaration import Effect

__all__ = ["Deeds"]

_LONGEST_STATE = 3  # words: a state ("sent", "partly sent"), not a sentence that happens to hold the word


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the calls of one turn did, and the states their results tell of."""

    answered: bool
    changed: bool
    states: frozenset[str]

    @classmethod
    def of(cls, findings: Sequence[Finding], catalogue: Catalogue) -> Deeds:
        """The deeds of the calls that succeeded."""
        done = [finding for finding in findings if finding["result"] is not None]
        tools = [catalogue.tools.get(finding["tool"]) for finding in done]
        changed = any(tool is not None and tool.effect is not Effect.READ for tool in tools)
        return cls(bool(done), changed, frozenset(word for finding in done for word in _states(finding["result"])))

    def unborne(self, text: str) -> list[str]:
        """The claims in `text` that nothing bears out, as written."""
        return [claim.text for claim in claims_in(text) if not self._bears_out(claim)]

    def _bears_out(self, claim: Claim) -> bool:
        if not claim.act:
            return self.answered  # "Done." after a call; without one it says that something else was done
        if self.changed and not claim.outward:
            return True
        return claim.voice == "world" and bool(claim.shown_by & self.states)


def _states(value: Any) -> Iterator[str]:
    """The words of short texts, and of the names of fields that hold something: sent = 312, status = "launched"."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if item:
                yield from str(key).lower().split("_")
                yield from _states(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _states(item)
    elif isinstance(value, str) and len(words := value.lower().replace("_", " ").split()) <= _LONGEST_STATE:
        yield from words

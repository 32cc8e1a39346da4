"""Where an answer's figures come from, as data and as one line a call for people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.events import Confidence, EvidenceLine
from agent.state import Finding
from language.markdown import as_text
from tools.audience.fields import PREDICTED_SCORES, scores_named
from tools.catalogue import Catalogue

__all__ = ["confidence", "evidence", "evidence_text"]

_UNASKED = {"position": 1, "best_of": 1}  # the first row, one of each: nobody asked for that
_HIDDEN = {"limit", "offset", "descending", "order_by", "fields", "body_text", "body_html", "subject", "preview_text"}


def evidence(findings: Sequence[Finding]) -> list[EvidenceLine]:
    """One line a call that succeeded, in order."""
    return [_line(f) for f in findings if f["result"] is not None]


def evidence_text(lines: Sequence[EvidenceLine]) -> str:
    """The lines as Markdown, small and last; empty without any."""
    return "\n".join(f"_Source: {_words(line)}_" for line in lines)


def confidence(findings: Sequence[Finding], catalogue: Catalogue) -> Confidence:
    """high: straight from the data; medium: a prediction is among them; low: something was missing or went wrong."""
    if any(f["result"] is None for f in findings):
        return "low"
    return "medium" if any(_is_predicted(finding, catalogue) for finding in findings) else "high"


def _is_predicted(finding: Finding, catalogue: Catalogue) -> bool:
    """The tool predicts, or the customers it speaks of were picked by a prediction."""
    if catalogue.get(finding["tool"]).basis == "prediction":
        return True
    return bool(PREDICTED_SCORES & scores_named((finding["result"] or {}).get("audience")))


def _line(finding: Finding) -> EvidenceLine:
    told: dict[str, Any] = (finding["result"] or {}).get("evidence", {})
    return EvidenceLine(
        tool=finding["tool"],
        arguments=told.get("arguments") or finding["arguments"],
        rows=int(told.get("rows") or 0),
        as_of=told.get("as_of"),
        data_until=told.get("data_until"),
        sources=list(told.get("sources") or []),
        definitions=list(told.get("definitions") or []),
    )


def _words(line: EvidenceLine) -> str:
    said = ", ".join(
        f"{name.replace('_', ' ')} {_value(value)}"
        for name, value in line.arguments.items()
        if name not in _HIDDEN
        and _UNASKED.get(name) != value
        and value is not False
        and value not in (None, [], {}, "none")
    )
    parts = [f"{line.tool}({said})", f"{line.rows:,} rows"]
    if line.data_until:
        parts.append(f"data up to {line.data_until}")
    return " · ".join(parts)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return _rule(value)
    if isinstance(value, list):
        return " + ".join(_value(item) for item in value)
    return as_text(str(value))


def _rule(rule: dict[str, Any]) -> str:
    for word in ("all", "any"):
        if word in rule:
            return (" and " if word == "all" else " or ").join(_rule(part) for part in rule[word])
    if "not" in rule:
        return f"not ({_rule(rule['not'])})"
    return re.sub(r"\s+", " ", " ".join(_value(part) for part in rule.values()))

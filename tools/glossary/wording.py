"""Definitions in words."""

from __future__ import annotations

from language.format import bullets
from tools.declaration import answers
from tools.glossary.definition import DefineTerms, DefineTermsArguments, Definition, define_terms
from tools.outcome import Outcome

__all__ = ["meaning"]


@answers(define_terms)
def meaning(outcome: Outcome[DefineTermsArguments, DefineTerms]) -> str:
    """One sentence a term; a list where there are several."""
    lines = [_line(each) for each in outcome.result.definitions]
    return lines[0] if len(lines) == 1 else bullets(lines)


def _line(definition: Definition) -> str:
    kind = f" ({definition.kind})" if definition.kind != "term" else ""
    if definition.kind == "field of a customer":  # "recency" is asked for, and called "days since last order"
        kind = f" (field of a customer: {definition.name})"
    return f"**{definition.title}**{kind}: {definition.meaning}"

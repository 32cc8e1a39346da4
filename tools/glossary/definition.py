"""What terms mean, as AIMA uses them."""

from __future__ import annotations

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.glossary.questions import MEANING
from tools.glossary.terms import Term, every_term, terms_in
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["DefineTerms", "DefineTermsArguments", "Definition", "define_terms"]


class DefineTermsArguments(Arguments):
    """Which terms."""

    terms: list[str] = Field(
        min_length=1, max_length=8, description="As people say them: net revenue, recency, RFM, Champions, p_alive."
    )


class Definition(BaseModel):
    """One term."""

    name: str = figure("Name", "Name of the figure, field, segment or idea.")
    title: str = figure("Term", "As people read it.")
    kind: str = figure("Kind", "figure, field of a customer, RFM segment, behaviour, dimension or term.")
    meaning: str = figure("Meaning", "What it means and how it is counted.")


class DefineTerms(ToolResult):
    """What the terms mean."""

    definitions: list[Definition] = Field(description="In the order asked.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what terms mean",
    agents=("research", "analytics", "reporting"),
    basis="record",
    examples=({"terms": ["net revenue", "refunds"]}, {"terms": ["RFM"]}, {"terms": ["p_alive"]}),
    questions=(MEANING,),
    views=(),
    next=("Which metrics can I ask for?", "Which customer fields are there?"),
)
def define_terms(_context: Context, arguments: DefineTermsArguments) -> DefineTerms:
    """What a figure, a field of a customer, a segment or an idea means here, and what it counts and leaves out."""
    found = [_one(asked) for asked in dict.fromkeys(arguments.terms)]
    return DefineTerms(
        definitions=[
            Definition(name=term.name, title=term.title, kind=term.kind, meaning=term.meaning)
            for term in dict.fromkeys(found)
        ],
        evidence=Evidence(rows=0, definitions=[f"{term.name}: {term.meaning}" for term in dict.fromkeys(found)]),
    )


def _one(asked: str) -> Term:
    own = {term.name.lower(): term for term in reversed(every_term())}
    if asked.lower() in own:
        return own[asked.lower()]
    terms, rest = terms_in(asked)
    if len(terms) != 1 or rest.strip():
        raise NoSuchData(f"There is no definition of '{asked}'.", field="terms", valid=sorted(own))
    return terms[0]

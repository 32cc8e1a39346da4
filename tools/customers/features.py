"""What every field of a customer means: the dictionary of features."""

from __future__ import annotations

from pydantic import BaseModel, Field

from core.identity import READ
from database.queries.segments import RuleField
from tools.audience.facts import Facts
from tools.audience.fields import rule_fields
from tools.context import Context
from tools.customers.questions import FEATURES
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, ToolResult


class FeatureDictionaryArguments(Arguments):
    """Nothing to say."""


class FeatureInfo(BaseModel):
    """One feature."""

    name: str = figure("Name", "Name, usable as a rule field.")
    title: str = figure("Title", "Heading for people.")
    unit: str = figure("Unit", "Unit.")
    meaning: str = figure("Meaning", "Definition, one line.")
    group: str = figure("Group", "Topic it belongs to.")


class FeatureDictionary(ToolResult):
    """Every feature and every other field a rule may use."""

    features: list[FeatureInfo] = Field(description="Customer features.")
    other_fields: list[FeatureInfo] = Field(description="Attributes and scores, usable in rules too.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what is known of customers",
    uri="aima://features",
    agents=("research",),
    examples=({},),
    questions=(FEATURES,),
    next=("Show me the customers with a health score below 30",),
)
def feature_dictionary(context: Context, arguments: FeatureDictionaryArguments) -> FeatureDictionary:
    """Name, unit and meaning of every customer feature, attribute and score that rules and lists can use."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
    known = rule_fields().values()
    return FeatureDictionary(
        features=[_info(f) for f in known if f.score == "features"],
        other_fields=[_info(f) for f in known if f.score != "features"],
        evidence=facts.evidence(len(known), ["customer_facts"]),
    )


def _info(field: RuleField) -> FeatureInfo:
    return FeatureInfo(name=field.name, title=field.title, unit=field.unit, meaning=field.meaning, group=field.group)

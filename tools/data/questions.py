"""How people ask what data there is."""

from __future__ import annotations

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots


def data(_slots: Slots, _scene: Scene) -> list[Call]:
    """Everything there is."""
    return [Call("describe_data", {})]


DATA = Request(
    "data",
    """
        what data do you have | which data is loaded | how fresh is the data | what period does the data cover |
        how many rows are there | which metrics can I ask for | what is missing from the data | describe the data |
        when does the data end | is this demo data | which tables are there | what can i ask about
    """,
    data,
    rank=390,
    cues=(
        r"\b(?:data|tables|dataset|rows)\b",
        r"\b(?:which|what) (?:metrics|dimensions|figures)\b",
        r"\bhow (?:fresh|recent|old|up to date)\b",
    ),
    not_with=r"<metric> .*by|\bsegment",
)

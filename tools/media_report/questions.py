"""How people ask for the report of the mix and the budget as a file."""

from __future__ import annotations

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots
from tools.budget.questions import asked

__all__ = ["MEDIA_REPORT"]


def report(slots: Slots, _scene: Scene) -> list[Call]:
    """The report, for the budget that is named."""
    said = {name: value for name, value in asked(slots).items() if name in ("total", "change", "per")}
    return [Call("media_report", said)]


MEDIA_REPORT = Request(
    "media_report",
    """
        give me the report as a PDF | two-page PDF of the marketing mix | marketing mix report as pdf |
        download the budget report | budget report as a PDF please | pdf of the mix and the budget |
        I need a PDF for my boss about what ads bring | can I have the media report as a file |
        export the budget advice as pdf | the mix results as a document to hand out | print the marketing mix report |
        media report pdf | make a pdf of where the ad money should go | report on ad channels to send to the board |
        pdf report of the budget with 10% more | mix reprot pdf | save the mix report as a file |
        could you please make the two pages about our advertising | one for the boss: what drives sales, as pdf
    """,
    report,
    unless=r"^(?!.*\b(?:pdf|mix|budget|media|ads?|advert\w*|pages|boss|board)\b)",
    near_misses="""
        convert this pdf to word | read the attached pdf | invoice as pdf | print the shipping label |
        pdf of the contract | download the invoice
    """,
)

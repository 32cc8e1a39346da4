"""The two pages: what is on them, that hostile and endless names stay inside, and that they are always two."""

from __future__ import annotations

import io
import random
from datetime import UTC, date, datetime

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from pypdf import PdfReader

from tests.hostile_text import hostile
from tools.budget.plan import BudgetLine, BudgetMove, BudgetPlan
from tools.media_report.lettering import MISSING, cut, legible, measured, paragraph
from tools.media_report.pages import Paper, both_pages
from tools.media_report.sheet import WIDE, as_pdf
from tools.mix.report import MixChannel, MixGate, MixReport
from tools.results import Evidence

MADE = datetime(2026, 11, 29, 12, tzinfo=UTC)
EVIDENCE = Evidence(rows=104, as_of=MADE)
ODD = [
    "שיווק באינטרנט", "إعلانات البحث", "付費搜尋廣告", "Реклама в поиске", "$x^2$ \\frac{1}{2} $_{a}$",
    "a\u202egnp.exe\u202c", "line\nbreak\x07\x00\x1b[31m", "🚀🚀", "W" * 400, "word " * 80, "", "  ",
    "%s {name} <b>bold</b>", "e\u0301te\u0301",
]  # fmt: skip


def channel(name: str, brought: float = 1000.0) -> MixChannel:
    return MixChannel(
        channel=name, spend=500.0, brought=brought, brought_low=brought / 2, brought_high=brought * 2,
        share_of_sales=0.1, spend_share=0.2, effect_share=0.2, roi=2.0, roi_low=1.2, roi_high=3.5, next_unit=1.1,
        next_unit_low=0.5, next_unit_high=2.0, verdict="pays", data_say="much",
    )  # fmt: skip


def line(name: str, now: float = 100.0) -> BudgetLine:
    return BudgetLine(
        channel=name, now=now, planned=now * 1.1, change=now * 0.1, relative=0.1, sales_now=200.0, sales_planned=220.0,
        sales_low=150.0, sales_high=1_234_567.0, next_unit_now=1.2, next_unit_planned=1.1, beyond=False,
    )  # fmt: skip


def paper(names: list[str], *, words: str = "A check calls for caution.", organisation: str = "Quay & Co") -> Paper:
    gates = [MixGate(name=f"g{n}", verdict="caution", words=f"{words} {n}", demanded="more") for n in range(8)]
    mix = MixReport.model_construct(
        None, preview=False, verdict="caution", channels=[channel(name) for name in names], brought=1000.0 * len(names),
        brought_share=0.4, baseline=9000.0, baseline_low=7000.0, baseline_high=11000.0,
        sales=9000.0 + 1000 * len(names), parameters=[], gates=gates, findings=[], moved=[],
        shape="geometric adstock, Hill saturation", weeks=104, first_week=date(2024, 12, 2),
        last_week=date(2026, 11, 23), coverage=0.92, error=0.08, lift_tests=0, break_even=1.0, fitted_at=MADE,
        currency="USD", evidence=EVIDENCE,
    )  # fmt: skip
    moves = [
        BudgetMove(source=names[0], target=names[-1], amount=9.0, gain=20.0, gain_low=-5.0, gain_high=40.0,
                   likely_better=0.8)
    ] * 7  # fmt: skip
    budget = BudgetPlan(
        lines=[line(name) for name in names], moves=moves, per="month", total_now=700.0, total=770.0, extra=70.0,
        sales_now=1500.0, sales=1650.0, roas=2.1, gain=150.0, gain_low=-20.0, gain_high=400.0, likely_better=0.81,
        cautions=[f"{words} {n}" for n in range(12)], currency="USD", evidence=EVIDENCE,
    )  # fmt: skip
    return Paper(organisation, False, MADE, mix, budget)


def texts(about: Paper) -> list[str]:
    pdf = as_pdf(lambda: both_pages(about), title="Marketing mix and budget", made=MADE)
    reader = PdfReader(io.BytesIO(pdf))
    return [page.extract_text() for page in reader.pages]


def test_the_pages_say_what_drives_sales_and_where_the_budget_does_most() -> None:
    first, second = texts(paper(["paid_search", "video"]))
    for words in ("What drives sales", "Quay & Co", "About 40.0% of sales", "Where sales came from", "Paid search",
                  "2.00, the next unit 1.10", "How far the model can be trusted", "mean error was 8.0% of sales",
                  "92.0% lay inside", "Page 1 of 2"):  # fmt: skip
        assert words in first, words
    for words in ("Where the budget does most", "Budget a month, now and planned", "$110.00", "$220.00",
                  "$150.00 (-$20.00 to $400.00)", "81.0%", "Its limits", "AIMA moves no money", "104 whole weeks",
                  "geometric adstock", "29 November 2026", "Page 2 of 2"):  # fmt: skip
        assert words in second.replace("\n", " "), words
    assert "demo" not in first


def test_one_channel_and_forty_odd_ones_with_endless_words_are_two_pages_and_nothing_leaves_the_sheet() -> None:
    draw = random.Random(4)
    names = [*ODD, *(hostile(draw) for _ in range(26))]
    for about in (paper(["only"]), paper(names, words="A caution that goes on. " * 30, organisation="Ж" * 500)):
        sheets = both_pages(about)
        assert len(sheets) == 2
        for sheet in sheets:
            renderer = FigureCanvasAgg(sheet.figure).get_renderer()
            wide, high = sheet.figure.bbox.width, sheet.figure.bbox.height
            for label in sheet.figure.axes[0].texts:
                box = label.get_window_extent(renderer)
                assert box.x0 >= -1, label.get_text()
                assert box.x1 <= wide + 1, label.get_text()
                assert box.y0 >= 0, label.get_text()
                assert box.y1 <= high, label.get_text()
        assert len(texts(about)) == 2
    first, second = texts(paper(names))
    assert "32 other channels" in first
    assert "AIMA moves no money" in second, "the limits have their room"


def test_bullets_stay_above_the_foot() -> None:
    about = paper([f"channel {n}" for n in range(12)], words="A caution that goes on for long. " * 12)
    for sheet in both_pages(about):
        lines = {round(label.get_position()[1], 1) for label in sheet.figure.axes[0].texts}
        foot = max(lines)
        assert max(lines - {foot}) < foot - 8


@pytest.mark.parametrize("text", ODD)
def test_whatever_it_holds_a_text_is_one_legible_line_of_its_room(text: str) -> None:
    shown = cut(text, 60.0, 8.0)
    assert measured(shown, 8.0) <= 60.0
    assert all(c.isprintable() for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f")
    rows = paragraph(text, 60.0, 8.0, most=2)
    assert len(rows) <= 2
    assert all(measured(row, 8.0) <= 60.0 for row in rows)


def test_letters_no_font_has_are_boxes_and_all_else_is_kept() -> None:
    assert legible("Paid search") == "Paid search"
    assert legible("поиск שלום") == "поиск שלום"
    assert legible("\U000f0000x") == "x"
    assert legible("🚀") in ("🚀", MISSING)
    assert legible("a\nb") == "a b"
    assert legible("a\u200bb\u200fc\u00add\u2060e") == "abcde", "what nobody sees is left out"
    assert legible("نمی\u200cخواهم") == "نمی\u200cخواهم"
    assert cut("Paid search and more", WIDE, 8.0) == "Paid search and more"
    assert cut("Paid search and more", 50.0, 8.0).endswith("…")
    assert list(paragraph("one two three", 30.0, 8.0, most=5)) == ["one", "two", "three"]

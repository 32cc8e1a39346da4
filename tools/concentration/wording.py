"""How few bring how much, in words."""

from __future__ import annotations

from language.cells import value_name
from language.format import amount, count, percent, period, spaced
from tools.concentration.concentration import Concentration, ConcentrationArguments, concentration
from tools.declaration import answers
from tools.metrics.shape import filtered
from tools.outcome import Outcome

_PLURAL = {"country": "countries", "city": "cities", "category": "categories"}


@answers(concentration)
def few(outcome: Outcome[ConcentrationArguments, Concentration]) -> str:
    """ "**120 of 400 products** (30.0%) bring 80.1% of revenue in 2024: €8,010 of €10,000."""
    asked, result = outcome.arguments, outcome.result
    called = spaced(asked.dimension)
    many = _PLURAL.get(asked.dimension, f"{called}s")
    value, whole = (amount(v, result.unit, result.currency) for v in (result.value, result.whole))
    number, total = f"{count(result.number)} of {count(result.total)} {many}", percent(result.part)
    bring = "brings" if result.number == 1 else "bring"
    when = period(result.start, result.end)
    figures = f"{value} of {whole}"
    names = (
        f" The largest: {', '.join(value_name(asked.dimension, one) for one in result.largest)}."
        if asked.dimension != "customer" or result.number <= 5
        else ""
    )
    metric = spaced(asked.metric)
    if asked.share is not None:
        told = f"**{number}** ({total}) {bring} at least {percent(asked.share)} of {metric}"
        return f"{told}{filtered(asked.filters)} {when}: {figures}, {percent(result.reached)}.{names}"
    told = f"The largest {number} ({total}) {bring} **{percent(result.reached)}** of {metric}"
    return f"{told}{filtered(asked.filters)} {when}: {figures}.{names}"

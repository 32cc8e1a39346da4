"""A fit as it is kept with its model run, and brought back: thinned draws with the weeks they are of."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from core.errors import NoSuchData
from database.queries import model_runs

if TYPE_CHECKING:
    from analytics.mix.fit import Fit
    from analytics.mix.interaction import Interaction
    from analytics.mix.posterior import Posterior
    from analytics.mix.series import LiftTest
    from analytics.mix.stability import Stability

__all__ = ["MODEL", "Kept", "kept_fit", "require_fit", "some_fit", "stability_of", "state_of"]

MODEL = "mix"
KEPT = 600  # draws
DIGITS = 7
NOT_YET = (
    "No marketing mix model has been fitted yet. Ask to fit it (“fit the marketing mix model”): that takes a minute or "
    "two in the background."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A fit brought back, and the run it was. stability: against the fit before; None of the first."""

    posterior: Posterior
    gates: list[dict[str, Any]]
    findings: list[str]
    holdout: Mapping[str, Any]
    lifts: list[LiftTest]
    run: model_runs.Run
    interaction: Interaction | None = None
    stability: Stability | None = None

    @property
    def failed(self) -> list[str]:
        """Why no advice may be given; empty when it may."""
        return [gate["words"] for gate in self.gates if gate["verdict"] == "failed"]


def state_of(fit: Fit, findings: list[str]) -> dict[str, Any]:
    """What it takes to say everything about a fit again, as JSON."""
    design, draws = fit.posterior.design, fit.posterior.draws
    series = design.series
    step = max(1, len(draws.theta) // KEPT)
    return {
        "weeks": [str(week) for week in series.weeks],
        "sales": series.sales.tolist(),
        "spend": series.spend.tolist(),
        "channels": list(series.channels),
        "controls": {name: values.tolist() for name, values in series.controls.items()},
        "delayed": list(design.shape.delayed),
        "hill": list(design.shape.hill),
        "lags": design.shape.lags,
        "growth": design.shape.growth,
        "lifts": [dataclasses.asdict(test) for test in fit.lifts],
        "theta": [[round(value, DIGITS) for value in row] for row in draws.theta[::step].tolist()],
        "divergences": draws.divergences,
        "r_hat": draws.r_hat,
        "ess": draws.ess,
        "gates": [dataclasses.asdict(gate) for gate in fit.health.gates],
        "findings": findings,
        "holdout": {name: _finite(value) for name, value in dataclasses.asdict(fit.holdout).items()},
        "interaction": fit.interaction and dataclasses.asdict(fit.interaction),
    }


def stability_of(earlier: Kept, fit: Fit) -> dict[str, Any] | None:
    """What the fit changed against an earlier one, as JSON; None where the two have too little in common."""
    from analytics.mix.stability import Stability, compared

    found = compared(earlier.posterior, fit.posterior)
    return None if found is None else dict(TypeAdapter(Stability).dump_python(found, mode="json"))


def kept_fit(connection: Connection) -> Kept | None:
    """The newest fit; None before the first, or where the newest was refused."""
    from analytics.mix.interaction import Interaction
    from analytics.mix.series import LiftTest
    from analytics.mix.stability import Stability

    run, state = model_runs.latest(connection, MODEL), model_runs.state_of(connection, MODEL)
    if run is None or state is None:
        return None
    known = state.state
    lifts = [LiftTest(**test) for test in known["lifts"]]
    return Kept(
        _posterior(known, lifts), list(known["gates"]), list(known["findings"]), known["holdout"], lifts, run,
        Interaction(**pair) if (pair := known.get("interaction")) else None,
        TypeAdapter(Stability).validate_python(told) if (told := known.get("stability")) else None,
    )  # fmt: skip


def some_fit(connection: Connection) -> Kept:
    """The newest fit, whatever its gates say; NoSuchData says that there is none yet, or why the last was refused."""
    kept = kept_fit(connection)
    if kept is None:
        run = model_runs.latest(connection, MODEL)
        raise NoSuchData(NOT_YET if run is None else f"The marketing mix model could not be fitted. {run.reason}")
    return kept


def require_fit(connection: Connection) -> Kept:
    """The newest fit whose gates all hold.

    Errors: NoSuchData says that there is none yet, why the last was refused, or which gate failed.
    """
    kept = some_fit(connection)
    if kept.failed:
        raise NoSuchData(f"No budget advice: the marketing mix model failed its checks. {' '.join(kept.failed)}")
    return kept


def _posterior(state: Mapping[str, Any], lifts: list[LiftTest]) -> Posterior:
    import numpy as np

    from analytics.mix.model import Design, Shape
    from analytics.mix.posterior import Posterior
    from analytics.mix.sampler import Draws
    from analytics.mix.series import Series

    spend = np.array(state["spend"], dtype=np.float64)
    series = Series.of(
        [date.fromisoformat(week) for week in state["weeks"]],
        state["sales"],
        {name: spend[:, place] for place, name in enumerate(state["channels"])},
        state["controls"],
    )
    shape = Shape(tuple(state["delayed"]), tuple(state["hill"]), state["lags"], state["growth"])
    design = Design.of(series, shape, lifts=lifts)
    theta = np.array(state["theta"], dtype=np.float64)
    return Posterior(design, Draws(theta, "nuts", state["divergences"], state["r_hat"], state["ess"]))


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value

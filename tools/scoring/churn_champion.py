"""The champion of a churn race as kept with its run, and as used again for a few customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analytics.churn.champion import ChurnModel

__all__ = ["champion_of", "state_of"]


def state_of(model: ChurnModel, average: NDArray[np.float64] | None) -> dict[str, Any] | None:
    """What it takes to score by `model` again, as JSON; None where there is no model."""
    from analytics.state import to_json

    if model.candidate is None:
        return None
    return {
        "candidate": to_json(model.candidate),
        "definition": to_json(model.definition),
        "settings": to_json(model.settings),
        "names": model.names,
        "average": to_json(average),
    }


def champion_of(state: Mapping[str, Any]) -> tuple[ChurnModel, NDArray[np.float64] | None]:
    """The model and the average contributions that `state_of` gave."""
    from analytics.churn.candidates import BoostedHazard, CoxModel, PopulationCurve
    from analytics.churn.champion import ChurnModel, ChurnSettings
    from analytics.churn.deephit import DeepHit
    from analytics.churn.definition import LeftDefinition
    from analytics.churn.evaluation import StepCurve
    from analytics.churn.inputs import Inputs
    from analytics.state import from_json

    classes = (BoostedHazard, CoxModel, PopulationCurve, DeepHit, ChurnSettings, LeftDefinition, StepCurve, Inputs)
    kept = {name: from_json(value, classes) for name, value in state.items()}
    model = ChurnModel(
        status="ok",
        reason=None,
        definition=kept["definition"],
        settings=kept["settings"],
        champion=kept["candidate"].name,
        candidate=kept["candidate"],
        names=kept["names"],
    )
    return model, kept["average"]

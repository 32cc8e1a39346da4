"""DeepHit for one risk: a network that gives the whole distribution of the time to leaving.

Source: Lee, Zame, Yoon & van der Schaar 2018, "DeepHit: a deep learning approach to survival analysis with competing
risks", AAAI 32. Trained with torch; the fitted network is plain arrays, so scoring needs numpy alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analytics.churn.evaluation import kaplan_meier
from analytics.churn.failure import FitFailure
from analytics.churn.inputs import Inputs
from core.errors import GiveUp

if TYPE_CHECKING:
    import torch

__all__ = ["DeepHit"]

Array = NDArray[np.float64]
Layers = list[tuple[Array, Array]]
SMALL = 1e-7


@dataclass(slots=True)
class DeepHit:
    """Discrete-time network: softmax over the intervals between `edges` and "later than all of them".

    Loss: `likelihood_share` × negative log-likelihood + the rest × ranking loss exp(-(Fi(ti) - Fj(ti)) / sigma) over
    pairs in which i left first. A tenth of the rows is kept for early stopping. Who is censored inside an interval
    counts as seen until its beginning. Between edges the hazard is even.

    edges: days at which intervals end; empty: `bins` quantiles of the Kaplan-Meier curve of the training rows.
    Work is bounded by rows, not by the clock, so that a seed gives one result: `most_rows` drawn rows, `epochs` passes.
    """

    name: str = "deephit"
    edges: tuple[float, ...] = ()
    bins: int = 15
    width: int = 64
    dropout: float = 0.2
    likelihood_share: float = 0.3
    sigma: float = 0.2
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    batch: int = 256
    epochs: int = 60
    patience: int = 8
    most_rows: int = 30_000
    jobs: int = 1
    seed: int = 0
    inputs: Inputs | None = None
    layers: Layers = field(default_factory=list)
    ends: Array = field(default_factory=lambda: np.empty(0))

    def fit(self, features: Array, names: list[str], duration: Array, event: Array) -> None:
        rng = np.random.default_rng(self.seed)
        if len(features) > self.most_rows:
            keep = rng.choice(len(features), self.most_rows, replace=False)
            features, duration, event = features[keep], duration[keep], event[keep]
        left = int((event > 0).sum())
        if left < 20:
            raise FitFailure(f"{left} departures; a network needs 20 at least.")
        self.inputs = Inputs.learn(features)
        if not self.inputs.columns.size:
            raise FitFailure("No feature varies between the customers.")
        self.ends = np.array(self.edges) if self.edges else _quantile_edges(duration, event, self.bins)
        place, gone = _places(duration, event, self.ends)
        held_out = rng.permutation(len(features)) < max(20, len(features) // 10)
        self.layers = _Training(self).run(self.inputs.scaled(features), place, gone, held_out)

    def survival(self, features: Array, times: Array) -> Array:
        at_ends = np.column_stack([np.ones(len(features)), self._survival_at_ends(features)])
        log_survival = np.log(np.maximum(at_ends, 1e-12))
        knots = np.concatenate(([0.0], self.ends))
        wanted = np.clip(np.asarray(times, dtype=np.float64), 0.0, knots[-1])
        below = np.clip(np.searchsorted(knots, wanted, side="right") - 1, 0, len(self.ends) - 1)
        part = (wanted - knots[below]) / (knots[below + 1] - knots[below])
        between = log_survival[:, below] * (1.0 - part) + log_survival[:, below + 1] * part
        return np.asarray(np.exp(between), dtype=np.float64)

    def contributions(self, features: Array, *, steps: int = 8) -> Array:
        """Integrated gradients of the log cumulative hazard, averaged over a third, two thirds and all of the span.

        Parts sum to the difference from a customer with average inputs (Sundararajan, Taly & Yan 2017, "Axiomatic
        attribution for deep networks"; midpoint rule with `steps` points).
        """
        inputs = self._ready()
        x = inputs.scaled(features)
        slope = np.zeros_like(x)
        for k in range(steps):
            slope += self._slope(x * ((k + 0.5) / steps)) / steps
        return inputs.spread_out(x * slope)

    def log_hazard(self, features: Array) -> Array:
        """What `contributions` explains: mean of log(-log S) at the three instants, shape (n,)."""
        survival = self._survival_at_ends(features)[:, self._told()]
        return np.asarray(np.log(-np.log(np.clip(survival, SMALL, 1.0 - SMALL))).mean(axis=1), dtype=np.float64)

    def _told(self) -> NDArray[np.int64]:
        count = len(self.ends)
        return np.array(sorted({max(0, round(count * share) - 1) for share in (1 / 3, 2 / 3, 1)}))

    def _ready(self) -> Inputs:
        if self.inputs is None or not self.layers:
            raise GiveUp("DeepHit is asked before it was fitted.")
        return self.inputs

    def _survival_at_ends(self, features: Array) -> Array:
        mass = _softmax(_forward(self.layers, self._ready().scaled(features))[-1])
        return np.clip(1.0 - np.cumsum(mass[:, :-1], axis=1), 0.0, 1.0)

    def _slope(self, x: Array) -> Array:
        """Gradient of `log_hazard` in the scaled inputs, shape of x."""
        values = _forward(self.layers, x)
        mass = _softmax(values[-1])
        back = np.zeros_like(mass)
        told = self._told()
        for k in told:
            survival = mass[:, k + 1 :].sum(axis=1)
            inside = (survival > SMALL) & (survival < 1.0 - SMALL)
            safe = np.clip(survival, SMALL, 1.0 - SMALL)
            weight = np.where(inside, 1.0 / (np.log(safe) * len(told)), 0.0)
            # d log S / d logit_j = mass_j × ([j after k] / S - 1)
            after = (np.arange(mass.shape[1]) > k)[None, :] / safe[:, None]
            back += weight[:, None] * mass * (after - 1.0)
        for value, (weights, _) in zip(values[-2::-1], self.layers[::-1], strict=True):
            back = back @ weights.T
            if value is not values[0]:
                back = back * (value > 0)
        return back


def _quantile_edges(duration: Array, event: Array, bins: int) -> Array:
    """Ends of intervals in which about equally many leave; the last is the longest duration seen."""
    curve = kaplan_meier(duration, event)
    levels = np.linspace(1.0, float(curve.survival[-1]), bins + 1)[1:-1]
    reached = np.searchsorted(-curve.survival, -levels, side="left")
    inner = curve.times[np.minimum(reached, len(curve.times) - 1)]
    edges = np.unique(np.concatenate((inner, [float(duration.max())])))
    return np.asarray(edges[edges > 0], dtype=np.float64)


def _places(duration: Array, event: Array, ends: Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Interval of who left; number of whole intervals seen of the others; and which of the two it is."""
    inside = np.searchsorted(ends, duration, side="left")
    gone = (event > 0) & (inside < len(ends))
    seen = np.searchsorted(ends, duration, side="right")
    return np.where(gone, inside, seen).astype(np.int64), gone


def _forward(layers: Layers, x: Array) -> list[Array]:
    """Inputs, each hidden layer after its ReLU, and the logits."""
    values = [x]
    for position, (weights, bias) in enumerate(layers):
        x = x @ weights + bias
        if position < len(layers) - 1:
            x = np.maximum(x, 0.0)
        values.append(x)
    return values


def _softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


@dataclass(slots=True)
class _Training:
    """One training of a network by torch; the caller's random state and thread count are left as they were."""

    model: DeepHit

    def run(self, x: Array, place: NDArray[np.int64], gone: NDArray[np.bool_], held_out: NDArray[np.bool_]) -> Layers:
        """The layers of the pass with the lowest loss on the rows held out."""
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(self.model.jobs)
        try:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(self.model.seed)
                rows = [torch.from_numpy(np.ascontiguousarray(v)) for v in (x.astype(np.float32), place, gone)]
                held = torch.from_numpy(held_out)
                return self._stop_early([v[~held] for v in rows], [v[held] for v in rows])
        finally:
            torch.set_num_threads(before)

    def _stop_early(self, rows: list[torch.Tensor], held: list[torch.Tensor]) -> Layers:
        import torch

        model = self.model
        network = self._network(rows[0].shape[1])
        optimiser = torch.optim.AdamW(network.parameters(), lr=model.learning_rate, weight_decay=model.weight_decay)
        best, lowest, waited = _arrays(network), np.inf, 0
        for _ in range(model.epochs):
            network.train()
            shuffled = torch.randperm(len(rows[0]))
            for begin in range(0, len(shuffled), model.batch):
                part = shuffled[begin : begin + model.batch]
                optimiser.zero_grad()
                self._loss(network, *(v[part] for v in rows)).backward()  # type: ignore[no-untyped-call]
                optimiser.step()
            network.eval()
            with torch.no_grad():
                loss = self._held_out_loss(network, held)
            if loss < lowest:
                best, lowest, waited = _arrays(network), loss, 0
            elif (waited := waited + 1) >= model.patience:
                break
        if not np.isfinite(lowest):
            raise FitFailure("The network's loss is not a number.")
        return best

    def _held_out_loss(self, network: torch.nn.Module, held: list[torch.Tensor]) -> float:
        """Mean loss over parts of the size of training's own, since pairs are ranked within a part."""
        starts = range(0, len(held[0]), self.model.batch)
        parts = [[v[begin : begin + self.model.batch] for v in held] for begin in starts]
        losses = [float(self._loss(network, *part)) for part in parts]
        return float(np.average(losses, weights=[len(part[0]) for part in parts]))

    def _network(self, columns: int) -> torch.nn.Sequential:
        from torch import nn

        layers: list[Any] = []
        for size in (columns, self.model.width):
            layers += [nn.Linear(size, self.model.width), nn.ReLU(), nn.Dropout(self.model.dropout)]
        return nn.Sequential(*layers, nn.Linear(self.model.width, len(self.model.ends) + 1))

    def _loss(self, network: torch.nn.Module, x: torch.Tensor, place: torch.Tensor, gone: torch.Tensor) -> torch.Tensor:
        import torch

        mass = torch.softmax(network(x), dim=1)
        reached = torch.cat([torch.zeros(len(x), 1), mass.cumsum(1)], dim=1)  # F at the beginning of each interval
        own = mass.gather(1, place[:, None])[:, 0]
        staying = 1.0 - reached.gather(1, place[:, None])[:, 0]
        likelihood = -torch.log(torch.where(gone, own, staying).clamp(min=SMALL)).mean()
        # F of everybody at the end of i's interval: row i, column j
        then = reached[:, 1:].T[place.clamp(max=mass.shape[1] - 1)]
        first = gone[:, None] & ((place[:, None] < place[None, :]) | ((place[:, None] == place[None, :]) & ~gone))
        gap = then.diagonal()[:, None] - then
        ranking = (torch.exp(-gap / self.model.sigma) * first).sum() / max(1, first.shape[0] ** 2)
        share = self.model.likelihood_share
        return share * likelihood + (1.0 - share) * ranking


def _arrays(network: torch.nn.Sequential) -> Layers:
    """The linear layers as (weights, bias), weights of shape (in, out)."""
    kept = [p.detach().numpy().astype(np.float64) for p in network.parameters()]
    return [(kept[i].T.copy(), kept[i + 1].copy()) for i in range(0, len(kept), 2)]

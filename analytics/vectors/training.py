"""Training the transformer on an organisation's own histories, stopped early by a later window."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.vectors.sequences import DAY_S, FIRST_CATEGORY, ORDER, Integers, Tokens
from core.errors import GiveUp

if TYPE_CHECKING:
    from torch import Tensor

    from analytics.vectors.transformer import BehaviourTransformer, Scale, Shape

__all__ = ["FEWEST_CUSTOMERS", "FEWEST_ORDERS", "Plan", "Trained", "require_torch", "shortage", "train", "window"]

FEWEST_CUSTOMERS, FEWEST_ORDERS = 200, 500


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and on how much to train: `steps` batches at most; `customers` sampled at most."""

    steps: int = 600
    batch: int = 128
    customers: int = 20_000
    judged: int = 4_000
    judge_every: int = 50
    patience: int = 3
    learning_rate: float = 1e-3
    horizon_days: int = 60
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained network, what it needs to read new histories, and how its training went."""

    model: BehaviourTransformer
    categories: tuple[int, ...]
    plan: Plan
    steps: int
    losses: tuple[Mapping[str, float], ...] = field(default=())
    customers: int = 0
    parameters: int = 0


def require_torch() -> None:
    """GiveUp, saying what to install, where torch or transformers are missing."""
    missing = [name for name in ("torch", "transformers") if importlib.util.find_spec(name) is None]
    if missing:
        raise GiveUp(
            f"Behavioural vectors need {' and '.join(missing)}, not installed here: "
            f"pip install --constraint constraints.txt {' '.join(missing)}"
        )


def shortage(tokens: Tokens, *, until: datetime, horizon_days: int) -> str | None:
    """Why there is too little to train on before `until`, or None."""
    customers, orders = tokens.customer_ids.size, int((tokens.kind == ORDER).sum())
    if customers < FEWEST_CUSTOMERS or orders < FEWEST_ORDERS:
        return (
            f"Vectors are learnt from at least {FEWEST_CUSTOMERS} customers and {FEWEST_ORDERS} orders; "
            f"there are {customers} and {orders}."
        )
    days = (int(until.timestamp()) - tokens.span[0]) / DAY_S
    if days < 3 * horizon_days:
        return f"Vectors are learnt from at least {3 * horizon_days} days of history; there are {days:.0f}."
    return None


def train(
    tokens: Tokens,
    *,
    until: datetime,
    plan: Plan | None = None,
    shape: Shape | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> Trained:
    """Train from scratch on histories cut at random midnights; nothing at or after `until` is seen, targets included.

    The last `horizon_days` before `until` are the judging window: no training target reaches into it, and training
    ends when the loss on it no longer falls (the best weights are kept). Same seed, same threads: same weights.
    """
    require_torch()
    import torch

    from analytics.vectors.transformer import BehaviourTransformer, Shape

    plan = plan or Plan()
    threads = torch.get_num_threads()
    torch.set_num_threads(plan.threads)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(plan.seed)
            size = FIRST_CATEGORY + len(tokens.categories)
            model = BehaviourTransformer(shape or Shape(), size, _scale(tokens))
            return _Training(model, tokens, plan, _midnight(until)).run(progress)
    finally:
        torch.set_num_threads(threads)


def _midnight(at: datetime) -> int:
    return int(at.timestamp()) // DAY_S * DAY_S


def _scale(tokens: Tokens) -> Scale:
    from analytics.vectors.transformer import Scale

    amounts = tokens.amount[tokens.kind == ORDER]
    if not amounts.size:
        return Scale()
    return Scale(float(amounts.mean()), float(max(amounts.std(), 0.1)))


class _Training:
    """One training run: draws batches, steps, judges, keeps the best weights."""

    def __init__(self, model: BehaviourTransformer, tokens: Tokens, plan: Plan, until: int) -> None:
        import torch

        self.model, self.tokens, self.plan = model, tokens, plan
        self.random = np.random.default_rng(plan.seed)
        self.generator = torch.Generator().manual_seed(plan.seed)
        self.judged_at = until - plan.horizon_days * DAY_S
        self.latest_cut = self.judged_at - plan.horizon_days * DAY_S
        begun = tokens.second[tokens.offsets[:-1]]
        self.first_cut = (begun // DAY_S + 1) * DAY_S
        self.rows = self._sampled(np.flatnonzero(self.first_cut <= self.latest_cut), plan.customers)
        self.judged = self._sampled(np.flatnonzero(self.first_cut <= self.judged_at), plan.judged)
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=plan.learning_rate, weight_decay=0.01)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, max_lr=plan.learning_rate, total_steps=plan.steps + 1, pct_start=0.1
        )
        self.losses: list[dict[str, float]] = []

    def _sampled(self, rows: np.ndarray, most: int) -> Integers:
        chosen = rows if rows.size <= most else self.random.choice(rows, most, replace=False)
        return np.asarray(np.sort(chosen), dtype=np.int64)

    def run(self, progress: Callable[[float], None]) -> Trained:
        """Train to the end or until the judging loss has not fallen for `patience` judgements."""
        best, best_step, weights = np.inf, 0, _copied(self.model)
        for step in range(1, self.plan.steps + 1):
            self._step()
            if step % self.plan.judge_every and step != self.plan.steps:
                continue
            judged = self._judge(step)
            progress(step / self.plan.steps)
            if judged < best:
                best, best_step, weights = judged, step, _copied(self.model)
            elif step - best_step >= self.plan.patience * self.plan.judge_every:
                break
        self.model.load_state_dict(weights)
        self.model.eval()
        self._find_middle()
        numbers = sum(p.numel() for p in self.model.parameters())
        found = tuple(self.losses)
        return Trained(self.model, self.tokens.categories, self.plan, best_step, found, self.rows.size, numbers)

    def _find_middle(self) -> None:
        """The mean state of the judged customers on the judging day."""
        import torch

        from analytics.vectors.transformer import tensors

        total, parts = torch.zeros(self.model.shape.hidden), np.array_split(self.judged, 1 + self.judged.size // 256)
        with torch.no_grad():
            for rows in parts:
                cut = np.full(rows.size, self.judged_at, dtype=np.int64)
                total += self.model.states(tensors(self.tokens.batch(rows, cut, self.tokens.known(rows, cut)))).sum(0)
        self.model.middle.copy_(total / max(self.judged.size, 1))

    def _step(self) -> None:
        import torch

        rows = self.random.choice(self.rows, min(self.plan.batch, self.rows.size), replace=False)
        days = (self.latest_cut - self.first_cut[rows]) // DAY_S
        cut = self.first_cut[rows] + self.random.integers(0, days + 1) * DAY_S
        self.model.train()
        loss = torch.stack(list(self._losses(rows, cut).values())).sum()
        self.optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()

    def _losses(self, rows: Integers, cut: Integers, generator: Any = None) -> dict[str, Tensor]:
        from analytics.vectors.transformer import mask_tokens, tensors

        counts = self.tokens.known(rows, cut)
        inputs = tensors(self.tokens.batch(rows, cut, counts))
        future = tensors(self.tokens.outcomes(rows, cut, counts, self.plan.horizon_days))
        return self.model.loss(inputs, future, mask_tokens(inputs["kind"], generator or self.generator))

    def _judge(self, step: int) -> float:
        """Mean loss on the judging window, always with the same masks."""
        import torch

        self.model.eval()
        generator = torch.Generator().manual_seed(self.plan.seed)
        parts = np.array_split(self.judged, max(1, self.judged.size // 256))
        total: dict[str, float] = {}
        with torch.no_grad():
            for rows in parts:
                cut = np.full(rows.size, self.judged_at, dtype=np.int64)
                for name, loss in self._losses(rows, cut, generator).items():
                    total[name] = total.get(name, 0.0) + float(loss) / len(parts)
        self.losses.append({"step": step, **{name: round(loss, 5) for name, loss in total.items()}})
        return sum(total.values())


def _copied(model: BehaviourTransformer) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def window(until: datetime, horizon_days: int, back: int) -> datetime:
    """The midnight (UTC) `back` windows of `horizon_days` before the last one not after `until`."""
    day = datetime.fromtimestamp(_midnight(until), tz=UTC)
    return day - timedelta(days=horizon_days * back)

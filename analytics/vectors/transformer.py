"""The temporal transformer: an encoder over tokens of kind, category, amount and time, with its training heads.

Encoder: Hugging Face BertModel (Devlin et al. 2019) from a small configuration, no pretrained weights. Tasks, all
from the histories themselves: tell masked tokens (kind, category, gap, amount) from the others, and, at the place
NOW, what comes in the next days (an order or not, how many, how much, how soon).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from analytics.vectors.sequences import KINDS, LONGEST, MASKED, NOW, ORDER, PAD, Batch, Outcomes

__all__ = ["BehaviourTransformer", "Scale", "Shape", "mask_tokens", "tensors"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of the network; `hidden` is the length of a vector."""

    hidden: int = 128
    layers: int = 2
    heads: int = 4
    inner: int = 256
    dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean and spread of ln(1 + order value), to bring amounts of any currency to one size."""

    mean: float = 0.0
    spread: float = 1.0


class BehaviourTransformer(nn.Module):
    """Batches of token sequences in, one vector a customer (the state at NOW) and the tasks' losses out."""

    def __init__(self, shape: Shape, categories: int, scale: Scale) -> None:
        super().__init__()
        self.shape, self.scale = shape, scale
        self.kinds = nn.Embedding(KINDS, shape.hidden, padding_idx=PAD)
        self.categories = nn.Embedding(categories, shape.hidden)
        self.numbers = nn.Sequential(nn.Linear(4, shape.hidden), nn.GELU(), nn.Linear(shape.hidden, shape.hidden))
        self.encoder = BertModel(_configuration(shape), add_pooling_layer=False)
        self.kind_head = nn.Linear(shape.hidden, KINDS)
        self.category_head = nn.Linear(shape.hidden, categories)
        self.number_head = nn.Linear(shape.hidden, 2)
        self.future_head = nn.Linear(shape.hidden, 4)
        self.middle: Tensor
        self.register_buffer("middle", torch.zeros(shape.hidden))  # mean state of the customers trained on

    def forward(self, inputs: dict[str, Tensor], hidden: Tensor | None = None) -> Tensor:
        """States (n, L, hidden); tokens where `hidden` is true show nothing but their place."""
        numbers = torch.stack([inputs["gap"], inputs["age"], self._amount(inputs), _yearly(inputs["age"])], dim=-1)
        if hidden is not None:
            numbers = numbers.masked_fill(hidden.unsqueeze(-1), 0.0)
        put = self.kinds(inputs["kind"]) + self.categories(inputs["category"]) + self.numbers(numbers)
        length = put.shape[1]
        place = torch.arange(length - 1, -1, -1).unsqueeze(0).expand(put.shape[0], length)  # NOW is place 0
        states = self.encoder(inputs_embeds=put, attention_mask=(inputs["kind"] != PAD).long(), position_ids=place)
        out: Tensor = states.last_hidden_state
        return out

    def vectors(self, inputs: dict[str, Tensor]) -> Tensor:
        """One vector a customer (n, hidden), of length 1: how its state differs from the mean customer's.

        Without the mean taken off, all states share one direction and every cosine is near 1 (Mu & Viswanath 2018).
        """
        return functional.normalize(self.states(inputs) - self.middle, dim=-1)

    def states(self, inputs: dict[str, Tensor]) -> Tensor:
        """The state at NOW (n, hidden)."""
        now: Tensor = self(inputs)[:, -1]
        return now

    def loss(self, inputs: dict[str, Tensor], future: dict[str, Tensor], hidden: Tensor) -> dict[str, Tensor]:
        """The losses by task (means over the tokens or customers each is about)."""
        shown = {**inputs, "kind": inputs["kind"].masked_fill(hidden, MASKED)}
        shown["category"] = inputs["category"].masked_fill(hidden, 0)
        states = self(shown, hidden)
        return {**self._masked_loss(states[hidden], inputs, hidden), **self._future_loss(states[:, -1], future)}

    def _masked_loss(self, states: Tensor, inputs: dict[str, Tensor], hidden: Tensor) -> dict[str, Tensor]:
        if not len(states):
            return {}
        numbers = torch.stack([inputs["gap"], self._amount(inputs)], dim=-1)[hidden]
        losses = {
            "kind": functional.cross_entropy(self.kind_head(states), inputs["kind"][hidden]),
            "numbers": functional.smooth_l1_loss(self.number_head(states), numbers),
        }
        orders = inputs["kind"][hidden] == ORDER
        if orders.any():
            said = self.category_head(states[orders])
            losses["category"] = 0.25 * functional.cross_entropy(said, inputs["category"][hidden][orders])
        return losses

    def _future_loss(self, now: Tensor, future: dict[str, Tensor]) -> dict[str, Tensor]:
        bought, orders, revenue, gap = self.future_head(now).unbind(-1)
        paid = future["revenue"] / max(self.scale.mean, 1.0)
        return {
            "bought": functional.binary_cross_entropy_with_logits(bought, future["bought"]),
            "orders": functional.smooth_l1_loss(orders, future["orders"]),
            "revenue": functional.smooth_l1_loss(revenue, paid),
            "next_gap": functional.smooth_l1_loss(gap, future["gap"]),
        }

    def _amount(self, inputs: dict[str, Tensor]) -> Tensor:
        raw, sale = inputs["amount"], inputs["kind"] == ORDER
        refund = (inputs["amount"] < 0) & ~sale
        size = (raw.abs() - self.scale.mean) / self.scale.spread
        return torch.where(sale, size, torch.where(refund, -size - 1.0, raw))


def _configuration(shape: Shape) -> BertConfig:
    return BertConfig(
        vocab_size=1,  # tokens come as embeddings of our own
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
        hidden_dropout_prob=shape.dropout,
        attention_probs_dropout_prob=shape.dropout,
        max_position_embeddings=LONGEST,
        type_vocab_size=1,
        pad_token_id=0,
    )


def _yearly(age: Tensor) -> Tensor:
    """Whether a token lies a whole number of years back (1) or half a year off (-1)."""
    return torch.cos(torch.expm1(age) * (2.0 * torch.pi / 365.25))


def mask_tokens(kind: Tensor, generator: torch.Generator, share: float = 0.15) -> Tensor:
    """Which tokens to hide: a random `share` of the real ones, never NOW or padding."""
    chosen = torch.rand(kind.shape, generator=generator) < share
    return chosen & (kind != PAD) & (kind != NOW)


def tensors(part: Batch | Outcomes) -> dict[str, Tensor]:
    """A batch's arrays as tensors, by name."""
    return {name: torch.from_numpy(array) for name, array in asdict(part).items()}

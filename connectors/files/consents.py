"""Who agreed to messages, as the exports of shops and mailing tools say it: words, dates, and lists of who left.

A file of people may say of each channel: a word (consent), that they refused (refused), when either was said (stated),
when they agreed (agreed_at), left (left_at), or could not be reached (bounced_at). Together that is whether they agree,
since when, and whether their address must never be written to again. In doubt it is a refusal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

import polars as pl

from connectors.channels.contract import Channel
from core.decisions import Decisions

__all__ = [
    "NEVER_AGREED",
    "PARTS",
    "are_consents",
    "consents_told",
    "parts_said",
    "read_consent",
    "read_refusal",
    "refused_list",
]

PARTS = ("consent", "refused", "stated", "agreed_at", "left_at", "bounced_at")
_AGREED = """
    true|t|yes|y|1|1 0|on|x|✓|✔|☑|ja|j|si|oui|sim|vrai|verdadero|verdadeiro|vero|wahr|waar|subscribed|subscribe
    |subscriber|active|enabled|opted in|opt in|optin|double opt in|single opt in|confirmed|confirmed opt in|accepted
    |granted|agreed|consented|allowed|permitted|given|explicit|abonniert|angemeldet|eingewilligt|zugestimmt|erteilt
    |bestatigt|aktiv|inscrit|inscrite|abonne|abonnee|accepte|acceptee|confirme|suscrito|suscrita|inscrito|inscrita
    |aceptado|aceptada|confirmado|activo|iscritto|iscritta|accettato|acconsentito|confermato|attivo|ingeschreven
    |aangemeld|akkoord|toegestaan|bevestigd|actief|aceito|aceita|assinante|ativo
"""
_REFUSED = """
    false|f|no|n|0|0 0|off|nein|non|nao|nee|falsch|faux|falso|onwaar|never subscribed|not subscribed|non subscribed
    |nonsubscribed|unsubscribed|unsubscribe|opted out|opt out|optout|revoked|withdrawn|denied|declined|refused|rejected
    |disagreed|not given|not allowed|not opted in|inactive|disabled|archived|abgemeldet|nicht abonniert
    |nicht angemeldet|widerrufen|abgelehnt|inaktiv|desabonne|desabonnee|desinscrit|desinscrite|non inscrit|non abonne
    |refuse|retire|no suscrito|dado de baja|baja|rechazado|inactivo|disiscritto|disiscritta|non iscritto|revocato
    |rifiutato|uitgeschreven|afgemeld|niet ingeschreven|niet aangemeld|geweigerd|descadastrado|nao inscrito|recusado
    |removido|cancelado
"""
_GONE = {
    "bounced": """
        cleaned|bounced|bounce|hard bounce|hard bounced|hardbounce|undeliverable|undelivered|invalid|invalid email
        |non existent
        |bereinigt|unzustellbar|rebotado|rimbalzato|onbestelbaar|devolvido|nettoye
    """,
    "complained": """
        complained|complaint|complainer|spam complaints|spam|spam complaint|spam report|reported as spam
        |marked as spam|abuse
    """,
    "suppressed": """
        suppressed|blocked|blocklisted|blacklisted|blacklist|blocklist|do not contact|do not email|dnc|gesperrt
        |bloque|bloqueado|bloccato|geblokkeerd
        |user suppressed|manual suppression|globally suppressed
    """,
}
_OPEN = """
    pending|unconfirmed|not confirmed|waiting|awaiting confirmation|waiting for confirmation|transactional|unknown
    |not set|unbestatigt|ausstehend|en attente|pendiente|in attesa|in afwachting|pendente|unbekannt|inconnu|desconocido
"""
_LISTS = (
    ("bounced", r"cleaned|bounce|bereinigt|undeliverable|unzustellbar"),
    ("suppressed", r"suppress|blacklist|blocklist|do.?not.?(?:e?.?mail|contact)|sperrliste|robinson"),
    ("unsubscribed", r"unsub|opt(?:ed)?.?out|abgemeldet|abmeldung|desabonne|desinscri|disiscritt|uitgeschreven"
     r"|afgemeld|descadastr|bajas\b|remov(?:ed|idos)"),
)  # fmt: skip
# Lists of people who are known, and of whom nobody agreed: customers, addresses that only get receipts.
NEVER_AGREED = "never agreed"
_NEVER = re.compile(
    r"\b(?:non|not|never) ?subscri|\btransactional\b|\bnicht ?(?:abonn|angemeld)|\bnon ?(?:abonn|inscri)"
)
_SPEAKING = re.compile(r"sub?scri|inscri|iscri|opt|abo\B|melde")
YES, NO = "yes", "no"


def _words(listed: str) -> list[str]:
    return [word.strip() for word in listed.replace("\n", " ").split("|")]


_MEANS = {
    **dict.fromkeys(_words(_AGREED), YES),
    **dict.fromkeys(_words(_REFUSED), NO),
    **{word: reason for reason, listed in _GONE.items() for word in _words(listed)},
    **dict.fromkeys(_words(_OPEN), ""),
}
# Words that say something of messages by themselves, whatever the column is called.
_TELLING = {w for w, means in _MEANS.items() if _SPEAKING.search(w) or means not in (YES, NO, "")}


def parts_said(channel: Channel) -> Iterator[tuple[str, Literal["consent", "refusal", "time"], tuple[str, ...]]]:
    """What a file may say of consent to a channel's messages: name and type of the field, headers of its columns."""
    for part, headers in {"consent": channel.consent_headers, **channel.consent_beside}.items():
        kind: Literal["consent", "refusal", "time"] = (
            "consent" if part == "consent" else "refusal" if part == "refused" else "time"
        )
        yield f"{part}_{channel.name}", kind, headers


def plain(text: str) -> str:
    """A word without case, accents and separators."""
    bare = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[\s._\-]+", " ", "".join(c for c in bare if not unicodedata.combining(c))).strip()


def are_consents(values: pl.Series) -> tuple[float, float]:
    """Shares of values that are words of consent, and of those that speak of messages by themselves."""
    known = values.drop_nulls()
    words = known.unique().to_list() if known.n_unique() <= 60 else []
    said = {word: plain(word) for word in words}
    count = max(len(known), 1)
    return (
        float(known.is_in([w for w, p in said.items() if p in _MEANS]).sum()) / count,
        float(known.is_in([w for w, p in said.items() if p in _TELLING]).sum()) / count,
    )


def read_consent(values: pl.Series, column: str, decisions: Decisions) -> pl.Series:
    """'yes', 'no', or why they are gone for good; null: not known. Unknown words are told, and mean not known."""
    said = {word: plain(word) for word in values.drop_nulls().unique().to_list()}
    for word, count in (
        values.filter(values.is_in([w for w, p in said.items() if p not in _MEANS])).value_counts().rows()
    ):
        text = f"'{word}' in '{column}' was taken for neither a yes nor a no: whether they agree is not known."
        decisions.add("consent", text, rows=count, doubtful=True)
    means = {word: _MEANS.get(p) or None for word, p in said.items()}
    return values.replace_strict(means, default=None, return_dtype=pl.String)


def read_refusal(values: pl.Series, column: str, decisions: Decisions) -> pl.Series:
    """Why they must not be written to, of a column that says who refused; null: they did not."""
    read = read_consent(values, column, decisions)
    return pl.select(pl.when(read == YES).then(pl.lit("unsubscribed")).when(read != NO).then(read)).to_series()


def refused_list(file: str, columns: set[str]) -> str | None:
    """Why the people of a file are not to be written to, where its name says so and no column of it speaks of that.

    NEVER_AGREED, whatever its columns say: a list of those who did not subscribe.
    """
    if _NEVER.search(plain(file)):
        return NEVER_AGREED
    if any(column.startswith(tuple(f"{part}_" for part in PARTS)) for column in columns):
        return None
    name = plain(file)
    return next((reason for reason, words in _LISTS if re.search(words, name)), None)


def consents_told(
    frame: pl.DataFrame, channels: list[Channel], refused: str | None, decisions: Decisions
) -> pl.DataFrame:
    """Rows with what was read of consents put together: consent_<channel>, stated_… and suppress_….

    `refused`: why everybody in the file is not to be written to on the channels whose addresses it has.
    """
    if refused == NEVER_AGREED:
        frame, refused = _without_agreements(frame), None
    for channel in channels:
        parts = {part: f"{part}_{channel.name}" for part in PARTS}
        has = {part for part, column in parts.items() if column in frame.columns}
        if has or (refused and channel.address.name in frame.columns):
            frame = _one_channel(frame, channel, parts, has, refused, decisions)
    return frame


def _without_agreements(frame: pl.DataFrame) -> pl.DataFrame:
    """What a list of people who never agreed says of agreements is not taken; its refusals are."""
    said = [name for name in frame.columns if name.startswith(("consent_", "agreed_at_"))]
    refusals = [pl.when(pl.col(name) != YES).then(name).alias(name) for name in said if name.startswith("consent_")]
    never = [pl.lit(None).cast(frame.schema[name]).alias(name) for name in said if name.startswith("agreed_at_")]
    return frame.with_columns(*refusals, *never)


def _one_channel(
    frame: pl.DataFrame,
    channel: Channel,
    parts: dict[str, str],
    has: set[str],
    refused: str | None,
    decisions: Decisions,
) -> pl.DataFrame:
    never = pl.lit(None, dtype=pl.Datetime("us", "UTC"))
    at = {p: pl.col(parts[p]) if p in has else never for p in ("stated", "agreed_at", "left_at", "bounced_at")}
    word = pl.col(parts["consent"]) if "consent" in has else pl.lit(None, dtype=pl.String)
    reason = pl.col(parts["refused"]) if "refused" in has else pl.lit(refused, dtype=pl.String)
    since = pl.max_horizontal(at["agreed_at"], pl.when(word == YES).then(at["stated"]))
    left = at["left_at"].is_not_null() & ~(since > at["left_at"]).fill_null(value=False)
    gone = (
        pl.when(at["bounced_at"].is_not_null())
        .then(pl.lit("bounced"))
        .when(~word.is_in([YES, NO]))
        .then(word)
        .otherwise(pl.coalesce(reason, pl.when(left).then(pl.lit("unsubscribed"))))
    )
    agreed = pl.lit(None) if "consent" in has else pl.when(at["agreed_at"].is_not_null()).then(True)
    granted = pl.when(gone.is_not_null() | (word == NO)).then(False).when(word == YES).then(True).otherwise(agreed)
    told = frame.with_columns(granted.cast(pl.Boolean).alias("__granted"), gone.alias("__gone"))
    refusal = pl.coalesce(at["left_at"], at["bounced_at"], at["stated"])
    stated = pl.when("__granted").then(since).when(~pl.col("__granted")).then(refusal)
    told = told.with_columns(
        pl.col("__granted").alias(parts["consent"]),
        stated.alias(parts["stated"]),
        pl.col("__gone").alias(f"suppress_{channel.name}__{channel.address.name}"),
    )
    _tell(told[parts["consent"]], told["__gone"], channel, decisions)
    return told.drop("__granted", "__gone", *(parts[p] for p in has - {"consent", "stated"}))


def _tell(granted: pl.Series, gone: pl.Series, channel: Channel, decisions: Decisions) -> None:
    lost = int(gone.is_not_null().sum())
    counts = ((int(granted.sum()), "agreed to"), (int((~granted).sum()) - lost, "refused"))
    for rows, did in counts:
        if rows:
            decisions.add("consent", f"People of the file who {did} {channel.plural}.", rows=rows)
    if lost:
        said = f"People of the file who left, bounced or complained get no {channel.plural} any more"
        decisions.add("consent", f"{said}: their addresses are suppressed.", rows=lost)

"""What is said where a message cannot be answered as it stands."""

from __future__ import annotations

__all__ = ["CANNOT_NARROW", "FOREIGN", "NOT_ALONE"]

CANNOT_NARROW = (
    "I cannot put that to the answer before. Ask for it in one question, with what it is about: “revenue in Germany in "
    "November”, “retention of the customers won in March”."
)
NOT_ALONE = (
    "“{}” I have left for now: what I did not understand of your message may be about it. Please ask for it in a "
    "sentence of its own."
)
FOREIGN = (
    "Without a language model I understand English only. Please ask in English, or set OPENAI_BASE_URL and "
    "OPENAI_API_KEY to connect a model that knows your language."
)

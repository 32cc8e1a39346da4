"""How people ask about background work."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["JOB"]


def job(slots: Slots, _scene: Scene) -> Answerable:
    """The latest background job, or the one named."""
    return [Call("job_status", {"job_id": slots.identifier} if slots.identifier else {})]


JOB = Request(
    "job",
    """
        how far is the job | job status | is the scoring finished | what is running in the background |
        did the import finish | progress of the job
    """,
    job,
    rank=280,
    cues=(r"\bjobs?\b", r"\b(?:is|has|did) (?:the )?(?:scoring|import|refresh|computation)\b", r"\bbackground\b"),
)

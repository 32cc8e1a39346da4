"""One tree of errors, named by what the caller does next.

    AimaError
    ├── FixArguments      the call was wrong: change the arguments (valid values are listed)
    │   ├── NotFound      the thing named does not exist in this organisation
    │   └── NoSuchData    the question is fine, but this organisation has no such data
    ├── AskPerson         a person has to act: approve, log in, grant a right, give a credential
    │   └── NotAllowed    the caller's identity lacks the right
    ├── RetryLater        passing trouble: try again after `retry_after_s`
    │   └── TooManyTries  the door is closed for a while after wrong passwords
    └── GiveUp            a defect or a state that no retry mends

Each door translates this tree once: MCP error, problem+json, chat message, exit code, Celery retry.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.storable import storable

__all__ = [
    "AimaError",
    "AskPerson",
    "FixArguments",
    "GiveUp",
    "NoSuchData",
    "NotAllowed",
    "NotFound",
    "RetryLater",
    "TooManyTries",
    "error_of",
]


class AimaError(Exception):
    """Base of every error AIMA raises on purpose. `message` is safe to show to the caller."""

    code = "error"
    http_status = 500
    exit_code = 1

    def __init__(self, message: str) -> None:
        self.message = storable(message)  # it may repeat what came from outside, and has to leave as JSON
        super().__init__(self.message)

    def details(self) -> dict[str, object]:
        """Fields a door may add to its own error form."""
        return {}


class FixArguments(AimaError):
    """The arguments are wrong. `valid` lists what would have been right, `field` says where."""

    code = "fix_arguments"
    http_status = 422
    exit_code = 2

    def __init__(self, message: str, *, field: str | None = None, valid: Sequence[str] = ()) -> None:
        listed = f" Valid: {', '.join(valid)}." if valid else ""
        super().__init__(message + listed)
        self.field = field
        self.valid = tuple(valid)

    def details(self) -> dict[str, object]:
        return {"field": self.field and storable(self.field), "valid": [storable(one) for one in self.valid]}


class NotFound(FixArguments):
    """The thing named does not exist in the caller's organisation."""

    code = "not_found"
    http_status = 404


class NoSuchData(FixArguments):
    """The question is well formed, but this organisation holds no data that could answer it."""

    code = "no_such_data"
    http_status = 404


class AskPerson(AimaError):
    """A person has to act before this can go on."""

    code = "ask_person"
    http_status = 409
    exit_code = 3


class NotAllowed(AskPerson):
    """The caller's identity lacks a scope or a role."""

    code = "not_allowed"
    http_status = 403
    exit_code = 3


class RetryLater(AimaError):
    """Passing trouble; try again after `retry_after_s` seconds."""

    code = "retry_later"
    http_status = 503
    exit_code = 4

    def __init__(self, message: str, *, retry_after_s: float = 60.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s

    def details(self) -> dict[str, object]:
        return {"retry_after_s": self.retry_after_s}


class TooManyTries(RetryLater):
    """Somebody has tried in vain too often; the door opens again after `retry_after_s` seconds."""

    code = "too_many_tries"
    http_status = 429


class GiveUp(AimaError):
    """A defect, or a state that no retry mends."""

    code = "give_up"


def error_of(code: str, message: str) -> AimaError:
    """The error another process, or another part of this one, told by its code; GiveUp for a code nobody knows."""
    kinds: tuple[type[AimaError], ...] = (
        FixArguments,
        NotFound,
        NoSuchData,
        AskPerson,
        NotAllowed,
        RetryLater,
        TooManyTries,
    )
    return next((kind for kind in kinds if kind.code == code), GiveUp)(message)

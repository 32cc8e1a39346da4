"""Where a running AIMA answers this machine's shell: written by the web process, read by `aima ask`.

Kept light: the reading side must cost next to nothing, so no settings, no web framework and no HTTP library here.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cli.engines.child import ProcessId
from cli.engines.folders import write_private
from core.errors import AimaError, GiveUp, RetryLater, error_of

__all__ = ["NotUp", "ShellDoor", "new_door"]

ASK_PATH = "/api/v1/shell/ask"
CONNECT_S, SILENCE_S = 2.0, 300.0
# What decides who answers: a shell that sets one of them otherwise means another model than the running one.
MODEL_SETTINGS = ("OPENAI_BASE_URL", "OPENAI_API_KEY", "AIMA_MODEL")


class NotUp(Exception):
    """No running AIMA answers for this shell; the message says what was found."""


@dataclass(frozen=True, slots=True)
class ShellDoor:
    """The address, the key that opens it, and the process behind it; new at each start of the web process."""

    address: str
    process: ProcessId
    key: str = field(repr=False)
    marks: Mapping[str, str] = field(repr=False)

    @staticmethod
    def file(home: Path) -> Path:
        """Where the door of `home` is written down, for its owner's eyes."""
        return home / "shell.json"

    @classmethod
    def find(cls, home: Path) -> ShellDoor:
        """The door of the AIMA that runs on `home`; NotUp when none runs, or its model is not this shell's."""
        try:
            record = json.loads(cls.file(home).read_text(encoding="utf-8"))
            door = cls(record["address"], ProcessId(**record["process"]), record["key"], record["marks"])
        except FileNotFoundError:
            raise NotUp("AIMA is not running") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotUp(f"the running AIMA cannot be asked from here ({type(error).__name__})") from None
        if not door.process.alive():
            raise NotUp("AIMA is not running")
        for name in MODEL_SETTINGS:
            if os.environ.get(name) and _mark(name, door.key) != door.marks.get(name):
                raise NotUp(f"the running AIMA was started with another {name}")
        return door

    @contextmanager
    def written(self, home: Path) -> Iterator[None]:
        """Written down for the length of a block; a later process's door is left alone."""
        write_private(self.file(home), json.dumps(asdict(self)))
        try:
            yield
        finally:
            if self.file(home).exists() and self.key in self.file(home).read_text(encoding="utf-8"):
                self.file(home).unlink()

    def ask(self, question: str, thread: str, org: str | None) -> Iterator[dict[str, Any]]:
        """The events of one turn. NotUp when nothing listens; otherwise the error of core/errors.py it failed with."""
        connection = self._connected()
        try:
            body = json.dumps({"question": question, "thread": thread, "org": org})
            headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
            connection.request("POST", ASK_PATH, body, headers)
            response = connection.getresponse()
            if response.status != http.client.OK:
                raise _refusal(response)
            for line in response:
                yield json.loads(line)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise RetryLater(f"AIMA stopped answering ({type(error).__name__}); ask again.") from None
        finally:
            connection.close()

    def _connected(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=CONNECT_S)
        try:
            connection.connect()
        except OSError as error:
            raise NotUp(f"the running AIMA does not answer at {self.address} ({error.strerror})") from None
        connection.sock.settimeout(SILENCE_S)
        return connection


def new_door(host: str, port: int) -> ShellDoor:
    """A door of this process, with a key nobody has seen."""
    key = secrets.token_urlsafe(32)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return ShellDoor(address, ProcessId.of(os.getpid()), key, {name: _mark(name, key) for name in MODEL_SETTINGS})


def _mark(name: str, key: str) -> str:
    """What tells two values of an environment variable apart without telling either."""
    value = f"{name}={os.environ.get(name, '')}"
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()


def _refusal(response: http.client.HTTPResponse) -> AimaError:
    try:
        form = json.loads(response.read())
        return error_of(form["code"], form["detail"])
    except (ValueError, KeyError, TypeError):
        return GiveUp(f"AIMA answered with HTTP {response.status}; see web.log in the data folder's logs.")

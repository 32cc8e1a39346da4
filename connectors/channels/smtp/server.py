"""Where a mail server is and how it is spoken to: from one address, or from the fields people fill in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from core.errors import FixArguments

__all__ = ["Security", "SmtpServer"]

Security = Literal["starttls", "tls", "none"]
LOOPBACK = ("localhost", "127.0.0.1", "::1")
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how to reach the mail server."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    starttls: bool = False
    timeout_s: float = 30.0

    @classmethod
    def parse(cls, url: str) -> SmtpServer:
        """From smtp://user:password@host:port?starttls=true or smtps://…; FixArguments never repeats the password.

        STARTTLS is on by default where a password would otherwise cross a network in the clear.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise FixArguments("AIMA_SMTP_URL must look like smtp://user:password@host:port?starttls=true.")
        tls, user = parts.scheme == "smtps", unquote(parts.username) if parts.username else None
        exposed = user is not None and not tls and parts.hostname not in LOOPBACK
        starttls, timeout_s = _options(parts.query, exposed)
        try:
            port = parts.port or usual_port("tls" if tls else "starttls" if starttls else "none")
        except ValueError:
            raise FixArguments("The port in AIMA_SMTP_URL must be a number between 1 and 65535.") from None
        password = unquote(parts.password) if parts.password else None
        return cls(parts.hostname, port, user, password, tls, starttls and not tls, timeout_s)

    @classmethod
    def at(cls, host: str, port: int | None, security: Security, user: str | None, password: str | None) -> SmtpServer:
        """From its fields; without a port, the usual one."""
        at = port or usual_port(security)
        return cls(host.strip(), at, user or None, password, security == "tls", security == "starttls")

    @property
    def place(self) -> str:
        """Host and port, as people write them."""
        return f"{self.host}:{self.port}"


def usual_port(security: Security) -> int:
    """The port mail is handed in at (RFC 8314; 25 where there is no encryption)."""
    return {"tls": 465, "starttls": 587, "none": 25}[security]


def _options(query: str, exposed: bool) -> tuple[bool, float]:
    given = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
    if unknown := sorted(given.keys() - {"starttls", "timeout"}):
        raise FixArguments(f"AIMA_SMTP_URL has unknown options: {', '.join(unknown)}.", valid=("starttls", "timeout"))
    starttls = given.get("starttls", "true" if exposed else "false").lower()
    if starttls not in TRUE + FALSE:
        raise FixArguments("starttls in AIMA_SMTP_URL must be true or false.", valid=("true", "false"))
    try:
        timeout_s = float(given.get("timeout", "30"))
    except ValueError:
        raise FixArguments("timeout in AIMA_SMTP_URL must be a number of seconds.") from None
    return starttls in TRUE, timeout_s

"""Whose pages may call, and under which names: refuses other origins and hosts before anything else looks."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from core.settings import Settings
from web.problems import problem

__all__ = ["OwnOrigins", "Places"]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - read, not bound
PORTS = {"http": 80, "https": 443}
SCHEMES = {"ws": "http", "wss": "https"}
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# Open under any name and to any page: what whoever watches over the process asks, which tells nothing but that it
# lives; and the links of messages. Those hold all the right there is to them, are pressed in windows of mail
# programs, which are of no origin, and have to work when AIMA has been given another name.
PROBES = frozenset({"/health", "/ready"})
LINKS = ("/u/", "/m/")
WRONG_HOST = (
    "AIMA is not served under the name {host}. Use the address that `aima status` shows; to serve it under a name of"
    " your own, set AIMA_PUBLIC_URL to its address, or add the name to AIMA_HOSTS."
)
WRONG_ORIGIN = (
    "A page of another site ({origin}) must not call AIMA. Open AIMA itself in the browser; where this is its address,"
    " set AIMA_PUBLIC_URL to it."
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where AIMA is at home: the origin people reach it at, and names it is served under beside loopback.

    `names` are hosts, or hosts with a port; `any_address`: it listens on every address of the machine, and may be
    called by a bare one. (A name can be made to lead here by anybody who owns it, an address cannot.)
    """

    public: str | None = None
    names: frozenset[str] = frozenset()
    any_address: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Places:
        """The places the settings name."""
        public = _origin(settings.public_url) if settings.public_url else None
        names = [name.strip().lower() for name in settings.hosts.split(",") if name.strip()]
        if settings.host not in EVERYWHERE:
            names.append(settings.host.lower())
        written = frozenset(_bracketed(name) if _is_address(name) else name for name in names)
        return cls(public, written, settings.host in EVERYWHERE)

    def serve(self, host: str) -> bool:
        """Whether requests for `host` (a Host header) are meant for AIMA."""
        name, port = _split(host)
        if name is None:
            return False
        if name in LOOPBACK or {_bracketed(name), f"{_bracketed(name)}:{port}"} & self.names:
            return True
        if self.any_address and _is_address(name):
            return True
        return self._is_public(host)

    def own(self, origin: str, scheme: str, host: str) -> bool:
        """Whether `origin` (an Origin header) is that of a page that a request for `host` may come from."""
        given = _origin(origin)
        if given is None:
            return False
        if given == self.public:
            return True
        # Under the public name there is the public address alone: a page that came by plain http may be anybody's.
        return not self._is_public(host) and given == _origin(f"{scheme}://{host}")

    def _is_public(self, host: str) -> bool:
        """Whether `host` is that of the public address; proxies may name its usual port where browsers do not."""
        return self.public is not None and _origin(f"{urlsplit(self.public).scheme}://{host}") == self.public


class OwnOrigins:
    """ASGI middleware: 421 for hosts that are not ours, 403 for what pages of other origins send.

    A browser sends the origin of the page with each socket and each request that changes something; what comes
    without one comes from no page.
    """

    def __init__(self, app: ASGIApp, places: Places) -> None:
        self._app, self._places = app, places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is for us and from us."""
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await problem(*refusal, {})(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4403, "reason": refusal[2][:120]})

    def _refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        if scope["path"] in PROBES or scope["path"].startswith(LINKS):
            return None
        headers = Headers(scope=scope)
        host = _one(headers.getlist("host"))
        if not self._places.serve(host):
            return 421, "misdirected_request", WRONG_HOST.format(host=ascii(host[:80]))
        for origin in headers.getlist("origin"):
            if not self._places.own(origin, _scheme(scope), host):
                return 403, "forbidden", WRONG_ORIGIN.format(origin=ascii(origin[:80]))
        if _from_elsewhere(scope, headers):
            return 403, "forbidden", WRONG_ORIGIN.format(origin="it gives no name")
        return None


def _from_elsewhere(scope: Scope, headers: Headers) -> bool:
    """Whether a browser says that another site's page sends this, though it does not say which."""
    acts = scope["type"] == "websocket" or scope["method"] in CHANGES
    return acts and "origin" not in headers and headers.get("sec-fetch-site", "none") not in ("none", "same-origin")


def _scheme(scope: Scope) -> str:
    scheme = str(scope["scheme"])
    return SCHEMES.get(scheme, scheme)


def _one(values: list[str]) -> str:
    """The one value; "" for none, or for several: a request for two hosts is for neither."""
    return values[0] if len(values) == 1 else ""


def _split(host: str) -> tuple[str | None, int | None]:
    """Name and port of a Host header; no name where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return None, None
    plain = bool(name) and not (parts.username or parts.password or parts.path or parts.query or parts.fragment)
    return (name.rstrip(".") if plain and name else None), port


def _origin(url: str) -> str | None:
    """The origin of an address, in one form: the usual port left out; None for what has none ("null")."""
    try:
        parts = urlsplit(url.strip())
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not name:
        return None
    usual = port is None or port == PORTS[parts.scheme]
    return f"{parts.scheme}://{_bracketed(name.rstrip('.'))}" + ("" if usual else f":{port}")


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name and not name.startswith("[") else name


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True

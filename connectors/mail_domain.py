"""What the DNS says of a domain that mail comes from: SPF, DKIM and DMARC, each in words with what to do.

Sources: RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC); Gmail and Yahoo ask all three of whoever sends much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import FixArguments, RetryLater

__all__ = ["DomainNotes", "Note"]

Grade = Literal["ok", "warn", "fail"]
LONGEST_WAIT_S = 4.0
MOST_LABELS = 5
MOST_LOOKUPS = 10  # RFC 7208, 4.6.4: a receiver gives up beyond
# Names under which mail services and servers usually publish keys. A key under another name is not found here.
SELECTORS = "default dkim mail smtp mx k1 k2 k3 s1 s2 selector1 selector2 google pm mg"
EVERYBODYS = (
    "gmail.com googlemail.com yahoo.com hotmail.com outlook.com live.com icloud.com me.com aol.com gmx.de gmx.net"
    " web.de proton.me protonmail.com mail.ru yandex.ru orange.fr free.fr libero.it"
)
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Note:
    """What was found about one of the three, and what to do about it."""

    subject: str
    grade: Grade
    words: str


class DomainNotes:
    """Looks a domain up. `nameserver` (host, port) is asked instead of this machine's own ones."""

    def __init__(self, nameserver: tuple[str, int] | None = None) -> None:
        from dns.resolver import Resolver

        self._resolver = Resolver(configure=nameserver is None)
        if nameserver is not None:
            self._resolver.nameservers, self._resolver.port = [nameserver[0]], nameserver[1]
        self._resolver.timeout, self._resolver.lifetime = LONGEST_WAIT_S / 2, LONGEST_WAIT_S

    def of(self, domain: str) -> list[Note]:
        """Three notes; FixArguments where it is no domain, RetryLater where the DNS does not answer."""
        name = domain.strip().lower().rstrip(".")
        if not DOMAIN.fullmatch(name):
            raise FixArguments(f"'{domain}' is no domain of the internet that could be looked up.", field="sender")
        if name in EVERYBODYS.split():
            words = f"{name} is not yours: receivers refuse what others send in its name. Send from your own domain."
            return [Note("Domain", "fail", words)]
        return [self._spf(name), self._dkim(name), self._dmarc(name)]

    def _spf(self, domain: str) -> Note:
        records = [text for text in self._texts(domain) if re.match(r"(?i)v=spf1( |$)", text)]
        if not records:
            todo = "Ask whoever sends your mail for the line to add to the DNS, such as v=spf1 include:… ~all"
            return Note("SPF", "fail", f"{domain} does not say who may send for it. {todo}.")
        if len(records) > 1:
            return Note(
                "SPF", "fail", f"{domain} has {len(records)} records; receivers then count none. Make them one."
            )
        terms = records[0].lower().split()[1:]
        if "+all" in terms or "all" in terms:
            return Note("SPF", "fail", f"{domain} lets everybody send for it (+all). Let it end in ~all or -all.")
        if self._lookups(terms, MOST_LOOKUPS + 1) > MOST_LOOKUPS:
            return Note("SPF", "fail", f"The record of {domain} takes more than {MOST_LOOKUPS} look-ups. Shorten it.")
        return Note("SPF", "ok", f"{domain} says who may send for it.")

    def _lookups(self, terms: Sequence[str], left: int) -> int:
        """How many look-ups an SPF record takes, up to `left`."""
        asked = 0
        for term in terms:
            found = re.fullmatch(r"[+?~-]?(include:|redirect=|a|mx|ptr|exists:)(.*)", term)
            if found is None or (found[1] in ("a", "mx", "ptr") and found[2][:1] not in ("", ":", "/")):
                continue
            asked += 1
            if asked >= left:
                return asked
            if found[1] in ("include:", "redirect="):
                inner = next((t for t in self._texts(found[2]) if t.lower().startswith("v=spf1")), "")
                asked += self._lookups(inner.lower().split()[1:], left - asked)
        return asked

    def _dkim(self, domain: str) -> Note:
        keys = dict(self._keys(domain))
        if any(keys.values()):
            names = ", ".join(name for name, valid in keys.items() if valid)
            return Note("DKIM", "ok", f"{domain} has a key to sign with ({names}).")
        if keys:
            return Note("DKIM", "fail", f"The key of {domain} ({', '.join(keys)}) is withdrawn. Publish a new one.")
        todo = "Whoever sends your mail shows the record to add to the DNS. It may be there under another name"
        return Note("DKIM", "warn", f"No key was found under the usual names of {domain}. {todo}.")

    def _keys(self, domain: str) -> Iterator[tuple[str, bool]]:
        for selector in SELECTORS.split():
            for text in self._texts(f"{selector}._domainkey.{domain}"):
                found = re.search(r"(?:^|;)\s*p=([^;]*)", text)
                if found is not None:
                    yield selector, bool(found[1].strip())

    def _dmarc(self, domain: str) -> Note:
        at, records = self._policies(domain)
        if not records:
            todo = f"Add to the DNS, at _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:you@{domain}"
            return Note("DMARC", "fail", f"{domain} does not say what becomes of mail that is forged. {todo}")
        policy = re.search(r"(?i);\s*p\s*=\s*(none|quarantine|reject)\b", records[0])
        if len(records) > 1 or policy is None:
            todo = "There has to be one record, such as v=DMARC1; p=none"
            return Note("DMARC", "fail", f"Receivers cannot read what {at} says of forged mail. {todo}")
        if policy[1].lower() == "none":
            more = "p=quarantine protects your name better, once SPF and DKIM hold for all your mail"
            return Note("DMARC", "ok", f"{at} asks receivers to report forged mail only (p=none). {more}.")
        return Note("DMARC", "ok", f"{at} asks receivers to {policy[1].lower()} forged mail.")

    def _policies(self, domain: str) -> tuple[str, list[str]]:
        """The records of a domain, or of the nearest one above it that has any."""
        labels = domain.split(".")
        for start in range(max(0, len(labels) - MOST_LABELS), len(labels) - 1):
            at = ".".join(labels[start:])
            if found := [text for text in self._texts(f"_dmarc.{at}") if re.match(r"(?i)v\s*=\s*DMARC1\s*(;|$)", text)]:
                return at, found
        return domain, []

    def _texts(self, name: str) -> list[str]:
        """The TXT records of a name, as text; none where there is no such name."""
        from dns.exception import DNSException
        from dns.resolver import NXDOMAIN, NoAnswer

        try:
            answer = self._resolver.resolve(name, "TXT")
        except (NXDOMAIN, NoAnswer):
            return []
        except DNSException:
            raise RetryLater("The DNS does not answer this machine, so the domain cannot be looked up now.") from None
        return [b"".join(record.strings).decode("ascii", "replace") for record in answer]

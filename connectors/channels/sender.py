"""Whom an email comes from, written "Name <address>" or as the address alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from language.one_line import one_line

__all__ = ["ADDRESS", "Sender", "phrase"]

# An address that can stand in a header and in a command as it is. Hosts without a dot are those of one's own network.
# No encoded word may hide in it: "=?" would begin one.
ADDRESS = re.compile(r"(?!.*=\?)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]*[A-Za-z0-9]")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_QUOTED = re.compile(r'^"(.*)"$')
_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Sender:
    """A name, which may be empty, and an address; `address` is empty where the text holds none."""

    name: str
    address: str

    @classmethod
    def parse(cls, text: str) -> Sender:
        """Read what was set. Quotation marks around the name, and what nobody can see in it, are left out."""
        line = one_line(text)
        named = _NAMED.fullmatch(line)
        name, address = (named[1], named[2]) if named else ("", line)
        name = re.sub(r"\\(.)", r"\1", _QUOTED.sub(r"\1", name.strip())).strip()
        address = address.strip()
        return cls(name, address if ADDRESS.fullmatch(address) else "")

    @property
    def written(self) -> str:
        """Name and address in one text, the name in whatever script it is."""
        return f"{phrase(self.name)} <{self.address}>" if self.name else self.address


def phrase(name: str) -> str:
    """A name as it stands before an address: in quotation marks where it holds what has a meaning there."""
    return name if ATOMS.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'

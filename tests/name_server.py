"""A DNS server on loopback that knows a few TXT records and aliases, for tests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping, Sequence

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    """Answers from `texts` (name → records) and `aliases`; other names do not exist. `silent` ones get no answer."""

    def __init__(
        self,
        texts: Mapping[str, Sequence[str]],
        aliases: Mapping[str, str] | None = None,
        silent: Sequence[str] = (),
    ) -> None:
        self.texts, self.aliases, self.silent = texts, aliases or {}, silent
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.place: tuple[str, int] = ("127.0.0.1", self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.place)
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            wire, whose = self._socket.recvfrom(4096)
            if not wire:
                return
            query = dns.message.from_wire(wire)
            if (answer := self._answer(query)) is not None:
                self._socket.sendto(answer.to_wire(), whose)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        name = query.question[0].name.to_text(omit_final_dot=True)
        self.asked.append(name)
        if name in self.silent:
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        at = name
        if name in self.aliases:
            at = self.aliases[name]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{at}."))
        if at in self.texts:
            quoted = [" ".join(f'"{text[i : i + 200]}"' for i in range(0, len(text), 200)) for text in self.texts[at]]
            answer.answer.append(dns.rrset.from_text(f"{at}.", 60, "IN", "TXT", *quoted))
        elif name not in self.aliases:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

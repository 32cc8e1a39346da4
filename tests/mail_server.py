"""A real SMTP server in a process of its own, which writes down every message it accepts.

    python tests/mail_server.py LOG [several]        prints its port, then serves until its standard input ends

Addresses steer it: later-…@ is answered 450, refused-…@ 550, nobody-…@ 550 5.1.1, barred-…@ 550 5.7.1, afterdata-…@
554 after the data, and for silent-…@ the connection is cut after the message was accepted, before the answer. slow-…@
is answered after half a second.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Recorder:
    """aiosmtpd's handler."""

    def __init__(self, log: Path, *, several: bool) -> None:
        self.log, self.several = log.open("ab"), several

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.several else responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("later-"):
            return "450 try again later"
        if address.startswith("nobody-"):
            return "550 5.1.1 there is no such mailbox"
        if address.startswith("barred-"):
            return "550 5.7.1 relaying denied"
        if address.startswith("refused-"):
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        if address.startswith("afterdata-"):
            return "554 content refused"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        line = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "content": content.decode("ascii")}
        self.log.write(json.dumps(line).encode() + b"\n")
        self.log.flush()
        if address.startswith("silent-"):
            assert server.transport is not None
            server.transport.close()
        if address.startswith("slow-"):
            await asyncio.sleep(0.5)
        return "250 kept"


async def serve(log: Path, *, several: bool) -> None:
    recorder = Recorder(log, several=several)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(recorder, hostname="localhost"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await loop.run_in_executor(None, sys.stdin.read)


class MailServer:
    """The process, for tests. `several`: it takes several commands at once (RFC 2920)."""

    def __init__(self, log: Path, *, several: bool = True) -> None:
        self.log = log
        self._read, self._counted = 0, Counter[str]()
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(log), *(["several"] if several else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.url = f"smtp://127.0.0.1:{self.port}"

    def lines(self) -> list[dict[str, Any]]:
        """Every accepted message, in order."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def messages(self) -> list[EmailMessage]:
        """The same, parsed."""
        return [message_from_bytes(line["content"].encode(), policy=policy.default) for line in self.lines()]

    def recipients(self) -> Counter[str]:
        """How many messages each address got, up to now (reads on where it left off: tests ask often)."""
        with self.log.open("rb") as log:
            log.seek(self._read)
            for line in log:
                if not line.endswith(b"\n"):  # being written
                    break
                self._read += len(line)
                self._counted.update(json.loads(line)["to"])
        return self._counted.copy()

    def forget(self) -> None:
        """Begin anew, with nothing accepted."""
        self.log.write_bytes(b"")
        self._read, self._counted = 0, Counter[str]()

    def stop(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), several="several" in sys.argv[2:]))

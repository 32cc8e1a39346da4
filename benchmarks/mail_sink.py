"""A mail server in a process of its own that keeps no message, and counts what it took: by Message-ID and by person.

    python benchmarks/mail_sink.py             prints its port, then answers a question a line until its input ends

It takes several commands at once (RFC 2920), as the servers of mail services do. `count` is answered with how many
messages there were, how many different ones, and the most of one; `people PREFIX` with how many each address got that
begins so; `keep N FILE` lets it write the next N messages into a file, each after its length.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

MESSAGE_ID = re.compile(rb"(?im)^message-id:[ \t]*<([^>]*)>")
END = b"\r\n.\r\n"


class Sink:
    """What was taken."""

    def __init__(self) -> None:
        self.messages: Counter[bytes] = Counter()
        self.people: Counter[str] = Counter()
        self.left, self.file = 0, Path("/dev/null")

    def take(self, person: str, content: bytes) -> None:
        """Count a message that is about to be acknowledged."""
        found = MESSAGE_ID.search(content, 0, 4_000)
        self.messages[found[1] if found else b""] += 1
        self.people[person] += 1
        if self.left:
            self.left -= 1
            with self.file.open("ab") as file:
                file.write(len(content).to_bytes(4) + content)

    def answer(self, question: str) -> object:
        """What is known."""
        match question.split():
            case ["count"]:
                counts = self.messages.values()
                return {"messages": sum(counts), "different": len(counts), "most": max(counts, default=0)}
            case ["people", prefix]:
                return {person: count for person, count in self.people.items() if person.startswith(prefix)}
            case ["keep", number, path]:
                self.left, self.file = int(number), Path(path)
                return self.left
        return None


class Connection(asyncio.Protocol):
    """One client's dialogue."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.held, self.content, self.person = sink, bytearray(), False, ""

    def connection_made(self, transport: Any) -> None:
        """Greet."""
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Go on with what is there."""
        self.held += data
        replies = b""
        while (reply := self._step()) is not None:
            replies += reply
        if replies:
            self.transport.write(replies)

    def _step(self) -> bytes | None:
        """The reply to one command, or to the content; None where more has to come."""
        mark = END if self.content else b"\r\n"
        end = self.held.find(mark)
        if end < 0:
            return None
        taken = bytes(self.held[:end])
        del self.held[: end + len(mark)]
        if self.content:
            self.content = False
            self.sink.take(self.person, taken + b"\r\n")
            return b"250 kept\r\n"
        return self._command(taken)

    def _command(self, line: bytes) -> bytes:
        match line[:4].upper():
            case b"EHLO":
                return b"250-sink\r\n250-PIPELINING\r\n250 SIZE 33554432\r\n"
            case b"RCPT":
                self.person = line.partition(b"<")[2].partition(b">")[0].decode()
            case b"DATA":
                self.content = True
                return b"354 go on\r\n"
            case b"QUIT":
                self.transport.write(b"221 bye\r\n")
                self.transport.close()
                return b""
        return b"250 ok\r\n"


async def serve() -> None:
    """Serve until the standard input ends."""
    sink, loop = Sink(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(sink), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while question := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(sink.answer(question)), flush=True)


class MailSink:
    """The process, for programs."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.url = f"smtp://127.0.0.1:{self.port}"

    def ask(self, question: str) -> Any:
        """An answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self) -> None:
        """End it."""
        self.process.communicate()


if __name__ == "__main__":
    asyncio.run(serve())

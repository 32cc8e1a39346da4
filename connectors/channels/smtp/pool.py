"""Connections to one mail server that are kept open, each for one message at a time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from connectors.channels.contract import Unreachable
from connectors.channels.smtp.session import TROUBLE, Session

__all__ = ["Pool"]


class Pool:
    """Opens a connection where none is free; where the server takes no more of them, waits for one that is."""

    def __init__(self, connect: Callable[[], Session]) -> None:
        self._connect = connect
        self._change = threading.Condition()
        self._free: list[Session] = []
        self._open, self._most = 0, sys.maxsize

    def take(self) -> Session:
        """A connection for one message: give it back, or drop it. Unreachable where there can be none."""
        while True:
            with self._change:
                self._change.wait_for(lambda: self._free or self._open < self._most)
                if self._free:
                    return self._free.pop()
                self._open += 1
            try:
                return self._connect()
            except BaseException as error:
                if not (self._refused() and isinstance(error, Unreachable)):
                    raise

    def give_back(self, session: Session) -> None:
        """It is ready for another message."""
        with self._change:
            self._free.append(session)
            self._change.notify()

    def drop(self, session: Session) -> None:
        """Hang up without a word: a server that has not seen the final dot discards the message (RFC 5321, 4.1.1.4)."""
        session.close()
        with self._change:
            self._open -= 1
            self._change.notify()

    def crowded(self, session: Session) -> bool:
        """Drop a connection that the server ends at once: it takes no more than the others. False without others."""
        session.close()
        return self._refused()

    def _refused(self) -> bool:
        with self._change:
            self._open -= 1
            self._most = self._open or sys.maxsize
            self._change.notify()
            return self._open > 0

    def close(self) -> None:
        """Say goodbye on those that are free."""
        with self._change:
            free, self._free = self._free, []
            self._open -= len(free)
        for session in free:
            try:
                session.quit()
            except TROUBLE:
                session.close()

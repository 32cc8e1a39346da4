"""One round of everything that runs: who enters, who is woken or done, and everybody due moved on, step by step.

Each statement is a transaction of its own, so what is done is done once whoever is killed, and the next round goes on
where this one ended. Only what a person approved runs; a journey whose content is anything else stands still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from core.errors import AimaError
from database.engine import Database
from database.queries import alerts, journey_news, journeys
from database.queries import journey_moves as moves
from database.queries.journey_news import LATE, Admission
from tools.audience.facts import Facts
from tools.journeys.approved import Approved, is_approved
from tools.journeys.clockwork import due_at
from tools.journeys.definition import Send, WaitFor
from tools.journeys.steps import step_of

__all__ = ["BATCH", "Round", "play"]

BATCH = 5_000
MEMBERS_EVERY = timedelta(minutes=15)
MANY = 1_000
NEWS_EVERY = timedelta(minutes=10)  # looked at sooner where something was loaded


@dataclass(slots=True)
class Round:
    """What a round came to."""

    entered: int = 0
    woken: int = 0
    goals: int = 0
    steps: int = 0
    messages: int = 0
    troubles: dict[str, str] = field(default_factory=dict)


def play(database: Database, org_id: UUID, now: datetime, *, actor: str = "journey", batch: int = BATCH) -> Round:
    """Play one round for an organisation."""
    found = Round()
    with database.transaction(org_id) as connection:
        at_work = [row for row in journeys.listed(connection) if row.status in ("running", "closing")]
        known = {row.id: journeys.versions(connection, row.id) for row in at_work}
    for row in at_work:
        halted = next((one for one in known[row.id] if not is_approved(one)), None)
        if halted is not None:
            _trouble(database, org_id, found, row, "its content is not what was approved")
            continue
        _Journey(database, org_id, row, [Approved.of(one) for one in known[row.id]], now, actor, batch, found).play()
    with database.transaction(org_id) as connection:
        journeys.close_empty(connection)
    return found


def _trouble(database: Database, org_id: UUID, found: Round, row: journeys.JourneyRow, why: str) -> None:
    """Let a person know, once, that a journey cannot go on."""
    found.troubles[row.name] = why
    title = f"The journey “{row.name}” stands still: {why}"
    with database.transaction(org_id) as connection:
        told = alerts.listed(connection, unseen_only=True, limit=500)
        if not any(one.kind == "journey" and one.title == title for one in told):
            alerts.raise_alert(connection, "journey", "high", title, {"journey_id": str(row.id)})


@dataclass(slots=True)
class _Journey:
    """One journey in a round."""

    database: Database
    org_id: UUID
    row: journeys.JourneyRow
    versions: Sequence[Approved]  # the newest first
    now: datetime
    actor: str
    batch: int
    found: Round

    def play(self) -> None:
        try:
            for version in self.versions:
                self._listen(version)
            before = self.found.steps
            for version in self.versions:
                self._advance(version)
            if self.found.steps - before >= BATCH:
                with self.database.transaction(self.org_id) as connection:
                    journey_news.tell_planner(connection)
        except AimaError as error:
            _trouble(self.database, self.org_id, self.found, self.row, error.message.rstrip("."))

    def _listen(self, version: Approved) -> None:
        """What happened since the last round; who enters does so on the newest version."""
        newest = version is self.versions[0] and self.row.status == "running"
        with self.database.transaction(self.org_id) as connection:
            if not moves.holds(connection, self.row.id):
                return
            mark, before = journey_news.loads(connection), self.found.entered
            known = version.row
            if known.news_of != mark or known.news_at is None or self.now - known.news_at >= NEWS_EVERY:
                self._hear(connection, version, newest)
                known_news = (self.now, mark)
            else:
                known_news = (known.news_at, known.news_of)
            look = newest and version.journey.entry.event is None
            look = look and (known.members_at is None or self.now - known.members_at >= MEMBERS_EVERY)
            if look:
                self._admit_members(connection, version)
            if self.found.entered - before >= MANY:
                journey_news.tell_planner(connection)
            journeys.look(connection, known, members=self.now if look else None, news=known_news)

    def _hear(self, connection: Connection, version: Approved, newest: bool) -> None:
        journey, where = version.journey, (self.row.id, version.row.version)
        if newest and journey.entry.event is not None:
            since = max(version.row.entries_from, self.now - LATE)
            admission = self._admission(connection, version)
            self.found.entered += journey_news.admit_by_event(connection, admission, journey.entry.event, since)
        if journey.goal is not None:
            self.found.goals += journey_news.reach_goal(connection, *where, journey.goal.event, self.now)
        waits = [node for node in journey.nodes if isinstance(node, WaitFor)]
        for event in sorted({node.event for node in waits}):
            nodes = [node.id for node in waits if node.event == event]
            self.found.woken += journey_news.wake(connection, *where, nodes, event, self.now)

    def _admit_members(self, connection: Connection, version: Approved) -> None:
        rule = version.rule(version.journey.entry)
        condition, bound = Facts.about(connection, self.now).where(rule)
        admission = self._admission(connection, version)
        self.found.entered += journey_news.admit_members(connection, admission, condition, bound)

    def _admission(self, connection: Connection, version: Approved) -> Admission:
        journey, entry = version.journey, version.journey.entry
        first = journey.first
        due = due_at(first, self.now, Facts.about(connection, self.now).calendar)
        return Admission(
            self.row.id, version.row.version, first.id, due, self.now,
            again=entry.again, days=entry.again_after_days, holdout=journey.holdout_percent / 100,
        )  # fmt: skip

    def _advance(self, version: Approved) -> None:
        """Everybody due, node by node, until nobody is due any more: a wait on every circle sees to an end."""
        order = [node.id for node in version.journey.nodes]
        moved = 1
        while moved and (due := self._due(version)):  # whom somebody else holds is moved by them
            moved = 0
            for id_ in sorted(due, key=order.index):
                while (went := self._step(version, id_)) == self.batch:
                    moved += went
                moved += went

    def _due(self, version: Approved) -> set[str]:
        with self.database.transaction(self.org_id) as connection:
            if not moves.holds(connection, self.row.id):
                return set()
            return moves.next_due(connection, self.row.id, version.row.version, self.now)

    def _step(self, version: Approved, id_: str) -> int:
        """Move a batch on from a node; returns how many they were."""
        node, now = version.journey.node(id_), self.now
        with self.database.transaction(self.org_id) as connection:
            if not moves.holds(connection, self.row.id):
                return 0
            facts = Facts.about(connection, now)
            if isinstance(node, Send):
                name = f"{version.journey.name}: {version.sends[id_]['title']}"
                moves.keep_campaign(connection, version.campaign(id_), name, node.channel, version.row.proposal_id, now)
            step = step_of(node, version, facts, now, self.versions, f"{self.actor} {self.row.id}")
            oldest = now - timedelta(days=version.journey.most_days)
            place = moves.Place(self.row.id, version.row.version, id_, now, oldest, oldest - LATE)
            gone = Counter(
                moves.move(
                    connection,
                    place,
                    step.way,
                    step.targets,
                    limit=self.batch,
                    values=step.values,
                    deed=step.deed,
                    picked=step.picked,
                )
            )
        self.found.steps += gone.total()
        self.found.messages += gone["sent"] if isinstance(node, Send) else 0
        self.found.goals += gone["goal"]
        return gone.total()

"""kill -9 in the middle of sending: every recipient has exactly one message, counted at a real SMTP server."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psutil
import pytest
from sqlalchemy import text

from cli.engines import Engines
from connectors.channels.smtp import PROVIDER as SMTP
from core.clock import utc_now
from tests.campaign_scene import CATALOGUE, CONTENT, add_customers, addresses, statuses
from tests.celery_worker import WorkerScene, wait_until
from tests.conftest import make_organisation, person
from tests.mail_server import MailServer
from tools.context import Context

MESSAGES = 500


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    server = MailServer(tmp_path_factory.mktemp("mail") / "mail.log")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def scene(engines: Engines, server: MailServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerScene]:
    scene = WorkerScene(engines, tmp_path_factory.mktemp("worker"), "exactly_once", {"AIMA_SMTP_URL": server.url})
    yield scene
    scene.stop()


def approve_campaign(scene: WorkerScene, org_id: UUID) -> Any:
    """The whole way as at a door: propose, approve, and word to the worker."""
    identity = person(org_id)
    context = Context(identity, scene.database, utc_now(), scene.queue.enqueue)
    proposal: Any = CATALOGUE.call("propose_campaign", CONTENT | {"holdout_share": 0}, context)
    arguments = {"proposal_id": str(proposal.proposal.id), "content_hash": proposal.proposal.content_hash}
    return CATALOGUE.call("approve_proposal", arguments, context)


def sent(server: MailServer, prefix: str) -> dict[str, int]:
    return {address: count for address, count in server.recipients().items() if address.startswith(prefix)}


def couriers_gone(couriers: list[psutil.Process]) -> bool:
    return not any(courier.is_running() and courier.status() != psutil.STATUS_ZOMBIE for courier in couriers)


@pytest.mark.parametrize("rounds", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_killing_the_worker_leaves_everybody_with_exactly_one(
    scene: WorkerScene, smtp: MailServer, rounds: int
) -> None:
    chance = random.Random(20261120)
    scene.start()
    interrupted = 0
    for number in range(rounds):
        org_id, prefix = make_organisation(scene.database), f"round{number}-of-{rounds}-"
        add_customers(scene.database, org_id, addresses(MESSAGES, prefix))
        job_id = approve_campaign(scene, org_id).job_id
        when = chance.randint(5, MESSAGES - 100)
        wait_until(lambda p=prefix, w=when: len(sent(smtp, p)) >= w, "the first messages arrive")  # type: ignore[misc]
        couriers = scene.kill()
        wait_until(lambda c=couriers: couriers_gone(c), "the courier ends without its worker")  # type: ignore[misc]
        left = statuses(scene.database, org_id)
        interrupted += left.get("pending", 0) > 0
        assert left.keys() <= {"sent", "pending"}, left
        assert len(sent(smtp, prefix)) == left["sent"]
        scene.start()
        wait_until(lambda o=org_id: statuses(scene.database, o) == {"sent": MESSAGES}, "everything is sent")  # type: ignore[misc]
        assert sent(smtp, prefix) == dict.fromkeys(addresses(MESSAGES, prefix), 1)
        with scene.database.transaction(org_id) as connection:
            wait_until(lambda c=connection, j=job_id: _status(c, j) == "succeeded", "the job ends well")  # type: ignore[misc]
    assert interrupted >= rounds - 1  # it was in the middle, not afterwards
    scene.kill()


def _status(connection: Any, job_id: UUID) -> str:
    connection.execute(text("select 1"))
    return str(connection.execute(text("select status from jobs where id = :id"), {"id": job_id}).scalar_one())


@pytest.mark.slow
def test_killing_the_courier_itself_sends_nothing_twice(scene: WorkerScene, smtp: MailServer) -> None:
    """Messages in hand may end as unknown, and are then never sent again by themselves; everybody else has theirs."""
    org_id, prefix = make_organisation(scene.database), "courier-"
    add_customers(scene.database, org_id, addresses(200, prefix))
    scene.start()
    approve_campaign(scene, org_id)
    chance, kills = random.Random(7), 0
    while kills < 3:
        target = len(sent(smtp, prefix)) + chance.randint(5, 40)
        wait_until(lambda t=target: len(sent(smtp, prefix)) >= t, "messages arrive")  # type: ignore[misc]
        _own, couriers = scene.family()
        for courier in couriers:
            courier.send_signal(signal.SIGKILL)
            kills += 1
        retry_now(scene, org_id)
    wait_until(lambda: statuses(scene.database, org_id).keys() <= {"sent", "unknown"}, "everything is settled")
    result, counted = statuses(scene.database, org_id), sent(smtp, prefix)
    assert result.get("unknown", 0) <= kills * SMTP.at_once
    assert set(counted.values()) == {1}
    assert result["sent"] <= len(counted) <= result["sent"] + result.get("unknown", 0)
    scene.kill()


def retry_now(scene: WorkerScene, org_id: UUID) -> None:
    """What beat's sweep does by itself, a minute after a failure."""
    scene.queue.enqueue(person(org_id), "dispatch_outbox", {})

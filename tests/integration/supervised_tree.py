"""A program for the supervisor's tests: a real tree with small children of its own. Arguments: home, port, mode."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from cli.children import Child, HttpHealth, LogHealth
from cli.engines import Engines
from cli.supervisor import AlreadyRunning, Supervisor
from core.errors import AimaError
from core.settings import Settings

WEB = """
import http.server, json, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["AIMA_PORT"])), Handler).serve_forever()
"""
# Like a Celery worker: it has a process of its own, which does not end by itself when its parent is killed.
WORKER = """
import subprocess, sys, time
inner = subprocess.Popen([sys.executable, "-c", "import time\\nwhile True: time.sleep(60)"])
print("inner", inner.pid, "ready.", flush=True)
while True: time.sleep(60)
"""
BROKEN = "print('the reason it cannot work', flush=True); raise SystemExit(3)"


def declare(settings: Settings, env: Mapping[str, str]) -> tuple[Child, ...]:
    """A web process that shows its environment, and a worker with a process of its own."""
    mode = sys.argv[3]
    web = (sys.executable, "-c", BROKEN if mode == "broken-web" else WEB)
    worker = (sys.executable, "-c", BROKEN if mode == "broken-worker" else WORKER)
    return (
        Child("web", web, HttpHealth("127.0.0.1", settings.port), env),
        Child("worker", worker, LogHealth("ready."), env, essential=False, stop_signal=signal.SIGTERM),
    )


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def note(engines: Engines) -> None:
    say(json.dumps({"owner_url": engines.owner_url, "broker_url": engines.broker_url}))


def main() -> None:
    settings = Settings(home=Path(sys.argv[1]), port=int(sys.argv[2]))
    try:
        Supervisor(settings, declare, migrate=lambda url: say("migrated"), prepare=note, report=say).run()
    except AlreadyRunning as running:
        say(str(running))
    except AimaError as error:
        say(error.message)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

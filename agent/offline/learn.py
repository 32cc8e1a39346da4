"""Learn the phrasings anew, after one was added or changed: `python -m agent.offline.learn` (a minute)."""

from __future__ import annotations

import sys

from agent.offline.meaning import KEPT, learn
from tools.catalogue import catalogue


def main() -> None:
    """Write what was learnt beside the code, and say how large it is."""
    requests = [request for tool in catalogue().tools.values() for request in tool.questions]
    learn(requests).save()
    sys.stdout.write(f"{len(requests)} requests: {KEPT.name}, {KEPT.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()

"""The embedded engines: PostgreSQL and Valkey from pip packages, started as children on unix sockets.

What belongs here: finding their programs, folders, accounts and passwords, starting and ending them. No queries.
"""

from cli.engines.running import Engines, running_engines

__all__ = ["Engines", "running_engines"]

"""Serves the counting tools over stdio with the key in AIMA_API_KEY: started by test_mcp.py as a process of its own."""

from __future__ import annotations

import os

from database.engine import Database
from mcp_server.stdio import holder_of, serve_stdio
from tests.integration.counting_tools import counting_runtime

if __name__ == "__main__":
    database = Database(os.environ["TEST_DATABASE_URL"])
    serve_stdio(counting_runtime(database), holder_of(database, os.environ["AIMA_API_KEY"]))

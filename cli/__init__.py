"""The `aima` command, and the one place where the parts are wired together (engines, processes, doors).

Each command is a function in a file of its own; `main` registers them and imports nothing heavy.
"""

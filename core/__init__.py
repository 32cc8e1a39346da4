"""What every part may use: settings, identity, errors, the clock.

Nothing here knows a third party beyond pydantic, and nothing works at import time.
"""

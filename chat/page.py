"""The page the chat runs in: our styles and scripts, words while it opens, and nothing from other hosts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from chat.assets import mark_of

__all__ = ["FIRST_SCRIPT", "ROOT", "linked", "our_page", "programs", "scripts_in"]

# Chainlit reads its settings, welcome text and public files from one folder: the project's root.
ROOT: Final = Path(__file__).resolve().parent.parent
PUBLIC: Final = ROOT / "public"
OUTSIDE_LINK = re.compile(r'<link[^>]*?href="https?://[^>]*?>', re.DOTALL)
TOLD_ELSEWHERE = re.compile(r'<meta property="og:[^>]*>')  # cards for other sites, with the framework's pictures
# A page in which no script stands can forbid those that somebody smuggles in (see web/headers.py).
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
FIRST_SCRIPT: Final = "/chat/first.js"  # where the scripts are that stood in the page
PROGRAM = re.compile(r'src="(/assets/[\w.-]+\.js)"')
STYLES = ("aima.css", "shell.css")
EARLY = ("theme.js", "connection.js")
SCRIPTS = ("figures.js", "aima.js", "access.js")
OPENING = '<div id="aima-boot" role="status"><b>AIMA</b><span>Opening your figures…</span></div>'


def our_page(theirs: str) -> str:
    """Chainlit's page made ours. Styles come last, so that they win over those of the same weight before them."""
    page = INLINE_SCRIPT.sub("", TOLD_ELSEWHERE.sub("", OUTSIDE_LINK.sub("", theirs)))
    early = f'<script src="{FIRST_SCRIPT}"></script>' + "".join(
        f'<script src="{linked(name)}"></script>' for name in EARLY
    )
    late = "".join(f'<link rel="stylesheet" href="{linked(name)}">' for name in STYLES)
    late += "".join(f'<script defer src="{linked(name)}"></script>' for name in SCRIPTS)
    page = page.replace("</head>", f"{early}{late}</head>")
    return page.replace("<body>", f"<body>{OPENING}")


def scripts_in(theirs: str) -> str:
    """The scripts that stand in chainlit's page, as one."""
    return "\n".join(INLINE_SCRIPT.findall(theirs))


def linked(name: str) -> str:
    """The address of a public file, which changes with its content."""
    return f"/public/{name}?v={mark_of(PUBLIC, name)}"


def programs(page: str) -> list[str]:
    """The addresses of the programs a page runs, to be fetched ahead."""
    return PROGRAM.findall(page)

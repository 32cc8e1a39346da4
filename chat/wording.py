"""What the screen itself says, in our words, over those chainlit ships."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["OURS", "reworded"]

OURS: Final[Mapping[str, Any]] = {
    "auth": {
        "login": {
            "title": "Sign in to AIMA",
            "form": {
                "email": {"placeholder": "you@example.com", "required": "Enter your email address"},
                "password": {"required": "Enter your password"},
                "actions": {"signin": "Sign in"},
            },
        }
    },
    "chat": {
        "input": {"placeholder": "Ask about your customers, or write / for pages"},
        "commands": {"button": "Pages", "changeTool": "Choose a page", "availableTools": "Pages"},
        "messages": {
            "status": {"using": "", "used": ""},
            "feedback": {"dialog": {"title": "What was good or wrong?", "yourFeedback": "In your words…"}},
        },
    },
    "threadHistory": {
        "sidebar": {
            "title": "Conversations",
            "empty": "No conversations yet",
            "filters": {"search": "Search conversations", "placeholder": "Search what was asked and answered"},
        },
        "thread": {
            "untitled": "New conversation",
            "actions": {
                "delete": {
                    "title": "Delete this conversation?",
                    "description": "Its questions, answers, tables and charts are deleted. This cannot be undone.",
                    "success": "Conversation deleted",
                    "inProgress": "Deleting the conversation",
                },
                "rename": {
                    "title": "Rename the conversation",
                    "description": "Give it a name you will find it by.",
                    "success": "Conversation renamed",
                    "inProgress": "Renaming the conversation",
                },
            },
        },
    },
    "common": {"status": {"error": {"serverConnection": "AIMA does not answer. Your line is kept; trying again…"}}},
    "navigation": {
        "header": {"readme": "What it can do", "theme": {"light": "Light", "dark": "Dark", "system": "As the system"}},
        "newChat": {"button": "New conversation", "dialog": {"tooltip": "New conversation"}},
        "user": {"menu": {"logout": "Sign out"}},
    },
}


def reworded(theirs: Mapping[str, Any], ours: Mapping[str, Any] = OURS) -> dict[str, Any]:
    """`theirs` with our words in place of the same ones."""
    return {
        **theirs,
        **{
            name: reworded(theirs.get(name, {}), words) if isinstance(words, Mapping) else words
            for name, words in ours.items()
        },
    }

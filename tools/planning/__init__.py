"""What to do next for whom: campaigns worth proposing, and a week of actions."""

"""Notices to Slack and Teams: that something waits in AIMA, with a link, and nothing of anybody."""

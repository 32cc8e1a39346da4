"""Behavioural vectors: training them, and customers alike."""

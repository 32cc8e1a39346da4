"""The Chainlit screen: turns the events of a conversation into messages, cards, charts and tables.

Thin: it computes nothing, and no other part imports chainlit.
"""

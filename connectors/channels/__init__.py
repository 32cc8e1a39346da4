"""Ways a message leaves the house: channels (email, SMS …), and the providers that carry messages on them.

A file or folder here that exports `CHANNEL` is a channel, a folder that exports `PROVIDER` a provider (`contract` says
what they declare, `discovery` finds them). No database here: a provider is told when it may hand over, and returns a
receipt. tests/conformance runs every provider through the same tests.
"""

"""The merge language of messages: Liquid, as much of it as a message needs, and every text of it bounded.

A template is split into its pieces (`pieces`), read by python-liquid (`reading`), and what was read is checked and made
into functions (`program`): which fields it uses, and which of them somebody must have, is known before it is used.
Values are data: they are never read as templates, and each is escaped for the place it stands in.
"""

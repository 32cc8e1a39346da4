"""Ways a message leaves the house: each channel delivers one rendered message and says what became of it.

No database here: a channel is told when it may hand over, and returns a receipt.
"""

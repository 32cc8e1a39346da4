"""Campaigns from proposal to delivery: content, approval, state, mailbox, unsubscribing."""

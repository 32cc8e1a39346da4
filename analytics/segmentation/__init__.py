"""Groups of customers found in their features: clusters, discovered groups, behaviours; what sets them apart; drift.

Frames in, results out: features as analytics.features computes them, memberships as (group, customer_id).
"""

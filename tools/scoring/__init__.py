"""Scores of everybody or of a few: features, RFM, churn, value."""

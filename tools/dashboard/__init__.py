"""The dashboard of a period: headline figures over time, where they come from, and what they are set against."""

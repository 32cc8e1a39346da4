"""Business figures: metrics by dimensions, filters and time; the headline figures of the last weeks."""

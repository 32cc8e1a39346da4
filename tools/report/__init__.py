"""How a week, or any days, went against the days before."""

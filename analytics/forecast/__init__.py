"""Forecasts of business figures: simple strong candidates raced over rolling origins, intervals from past errors."""

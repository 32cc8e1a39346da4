"""The marketing mix: what each channel's spend brings in, fitted to weekly totals and calibrated by experiments."""

"""Marketing mix: what each channel's spend brings in, from weekly totals."""

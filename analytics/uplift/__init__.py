"""What a treatment changes: measured lift of randomised arms, who responds more, and what targeting them gains.

Randomised history only: arrays of outcome, treatment and covariates from before the treatment.
"""

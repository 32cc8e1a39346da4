"""What campaigns with a control group changed, and what is learnt from them."""

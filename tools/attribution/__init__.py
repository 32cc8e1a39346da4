"""Which channels and campaigns are credited with conversions, by every rule and model beside each other."""

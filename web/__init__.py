"""The HTTP door: API routes made from the catalogue, health, metrics, unsubscribe.

Routes translate: bearer token to identity, error tree to problem+json; what they answer is computed elsewhere.
"""

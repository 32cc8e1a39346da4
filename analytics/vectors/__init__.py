"""Behavioural vectors: a transformer trained on what customers did, 128 numbers for each of them.

Torch and transformers are loaded by the modules here only when a model is trained or used."""

"""STIX patterns (STIX 2.1 §9): reading, writing, and matching many against many observations by a shared index."""

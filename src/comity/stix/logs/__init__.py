"""Logs as patterns see them: each line that tells of traffic, names or files becomes an observation (docs/match.md)."""

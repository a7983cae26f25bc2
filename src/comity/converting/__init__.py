"""Converters that others maintain: each runs as a child process in an environment of its own, JSON in and JSON out."""

"""Comity: the desk software of a state's cyber diplomacy."""

__version__ = "0.1.0"

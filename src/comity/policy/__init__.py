"""What follows: pure functions from facts and a date to a judgement with its grounds.

Nothing here reads a clock, a file, a database or a random number; dates are passed in, judgements come back as values.
"""

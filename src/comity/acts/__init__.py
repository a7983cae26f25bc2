"""What we do: one function per act, one transaction each, with its ledger or audit row inside.

Actor and time are passed in.
"""

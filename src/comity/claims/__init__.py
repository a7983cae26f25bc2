"""What a document says about states and instruments, and whether the register bears it out. Pure.

Bytes become text (`reading`), text becomes sentences with their offsets (`sentences`), names become mentions
(`gazetteer`), sentences become statements with their sense (`phrases`, `predicates`, `coreference`), and a statement
is judged against a register that is passed in (`register`, `judging`). No store, no clock, no network, no model learnt
elsewhere: each rule can be read.
"""

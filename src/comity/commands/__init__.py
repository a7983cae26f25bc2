"""The command line: one verb a file, each the same act as its page."""

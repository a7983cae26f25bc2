"""What is wrong with a pattern."""


class PatternError(ValueError):
    """A pattern that breaks the grammar: at which character (from 1), what is wrong, what mends it, a sentence each."""

    def __init__(self, position: int, says: str, mend: str) -> None:
        """Take the place and the two sentences."""
        super().__init__(f"character {position}: {says} {mend}")
        self.position = position
        self.says = says
        self.mend = mend


class NotMatched(ValueError):
    """A pattern that is good but is not evaluated here, and why, in one sentence."""

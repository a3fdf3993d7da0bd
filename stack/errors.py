"""What stops the tool, in words that help."""


class StackError(Exception):
    """The command cannot go on. The text says why and what to do."""

"""The `hookline` command: scores messages and explains verdicts, offline."""

"""The REST API: scores messages, lists them, keeps the block and allow lists, and serves the console."""

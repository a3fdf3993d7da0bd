"""Alerts as chat messages. Each service has its own shape, and its own ways to be tricked by a text."""

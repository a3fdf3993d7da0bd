"""Delivers alerts to the outside world."""

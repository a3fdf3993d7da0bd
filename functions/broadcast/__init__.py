"""Follows the stream of messages: counters, live updates, alerts."""

"""Channels: each gives an event the shape that one kind of endpoint takes, and keeps a stranger's text text."""

"""Builds Hookline, runs it on this machine and gives out its keys: ``python -m stack --help``."""

"""Signals: what a message's links, words and sender give away, each with a code, a sentence and spans."""

from hookline_ml.signals.catalog import SignalKind
from hookline_ml.signals.extract import Signal, Signals, extract, extract_many

__all__ = ["Signal", "SignalKind", "Signals", "extract", "extract_many"]

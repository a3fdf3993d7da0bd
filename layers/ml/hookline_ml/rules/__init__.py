"""Rules as data: what makes a message a scam of some category, with samples on both sides."""

from hookline_ml.rules.engine import Hit, Rule, Rules, load_rules

__all__ = ["Hit", "Rule", "Rules", "load_rules"]

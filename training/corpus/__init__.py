"""Hookline's own corpus: hand-written message templates and the small grammar that multiplies them.

>>> row = next(generate("train", seed=7, per_template=1))
>>> sorted(row)
['category', 'kind', 'label', 'lang', 'source', 'template', 'text']
"""

from training.corpus.generator import Row, generate
from training.corpus.templates import SPLITS, Template, load_templates

__all__ = ["SPLITS", "Row", "Template", "generate", "load_templates"]

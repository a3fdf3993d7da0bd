"""The rulebook: signals, vocabulary and rules in the form in which they are used.

`rulebook.json` is built from the data files of `signals`, `links` and `rules` by ``python -m hookline_ml.rules.build``;
a test says so when it is out of date. Reading it takes a fraction of the time that reading its sources does.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

RULEBOOK = Path(__file__).with_name("rulebook.json")


@cache
def rulebook() -> Mapping[str, Any]:
    """Return the shipped rulebook: ``version``, ``signals``, ``index`` and ``rules``."""
    content: Mapping[str, Any] = json.loads(RULEBOOK.read_bytes())
    return content

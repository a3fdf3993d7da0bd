"""Hookline's detector: text in, verdict out. Pure Python and numpy; it knows nothing of AWS or the web.

>>> from hookline_ml import Detector, base_model, load_rules
>>> detector = Detector(base_model(), load_rules())
>>> detector.score("USPS: your parcel is held, pay 1.99 at https://usps.com-held.xin").risk_level
<Level.CRITICAL: 'Critical'>
"""

from hookline_ml.artefact import Manifest, ModelArtifactError
from hookline_ml.categories import CATEGORIES, Category
from hookline_ml.detector import Detector
from hookline_ml.model import Model, base_model
from hookline_ml.reasons import ReasonCode, reason_codes
from hookline_ml.rules import Rules, load_rules
from hookline_ml.types import Brief, Cutoffs, EmptyMessageError, Level, Reason, Sender, Verdict

__all__ = [
    "CATEGORIES",
    "Brief",
    "Category",
    "Cutoffs",
    "Detector",
    "EmptyMessageError",
    "Level",
    "Manifest",
    "Model",
    "ModelArtifactError",
    "Reason",
    "ReasonCode",
    "Rules",
    "Sender",
    "Verdict",
    "base_model",
    "load_rules",
    "reason_codes",
]

"""Writes the API's OpenAPI document: ``python -m stack.openapi``.

Two functions serve the API; the document joins what their apps say of themselves. It is committed and packaged with
the console's pages, so no function has to work it out at run time.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from analyze.bootstrap import bootstrap as analyze
from fastapi.openapi.utils import get_openapi
from retrain.bootstrap import bootstrap as retrain

DOCUMENT = Path(__file__).resolve().parents[1] / "functions" / "analyze" / "static" / "openapi.json"

_SETTINGS = (
    "TABLE_MESSAGES",
    "TABLE_SENDERS",
    "TABLE_COUNTERS",
    "TABLE_TICKETS",
    "TABLE_FEEDBACK",
    "TABLE_LABELS",
    "TABLE_KEYS",
    "TABLE_MODELS",
    "TABLE_ENDPOINTS",
    "TABLE_DELIVERIES",
    "TABLE_ALERTS",
    "ENDPOINT_SECRETS",
    "ALERT_TOPIC_ARN",
    "ALERT_QUEUE_URL",
    "ALERT_DEAD_LETTERS_URL",
    "MODEL_BUCKET",
    "SIGNING_KEY_ID",
    "RETRAIN_QUEUE_URL",
    "STACK_NAME",
    "PLANS_PARAMETER",
)
UNUSED = {**dict.fromkeys(_SETTINGS, "unused"), "QUEUES": "[]"}
"""Settings with which both functions of the API start, where nothing behind them is asked."""
_PUBLIC = frozenset({"/health"})
_ERRORS = {
    "400": "The request cannot be read",
    "401": "The key is missing",
    "403": "The key is unknown, or its role may not do this",
    "404": "There is no such thing",
    "409": "Somebody else was first",
    "413": "The body is too large",
    "415": "The body is not declared as JSON",
    "422": "The request's content is wrong",
    "429": "The key's plan is used up for now",
    "503": "A part that the service depends on does not answer",
}


def document() -> dict[str, Any]:
    """Return the OpenAPI document of the whole API."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    apps = [analyze(environment=UNUSED), retrain(environment=UNUSED).app]
    joined = get_openapi(
        title=apps[0].title,
        version=apps[0].version,
        description=apps[0].description,
        routes=[route for app in apps for route in app.routes],
        servers=[{"url": "."}],
    )
    problem = {"$ref": "#/components/schemas/Problem"}
    for path, operations in joined["paths"].items():
        for operation in operations.values():
            operation["security"] = [] if path in _PUBLIC else [{"key": []}]
            for status, meaning in _ERRORS.items():
                content = {"application/problem+json": {"schema": problem}}
                operation["responses"][status] = {"description": meaning, "content": content}
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "X-API-KEY"}}
    joined["components"]["securitySchemes"] = schemes
    for unused in ("HTTPValidationError", "ValidationError"):
        joined["components"]["schemas"].pop(unused, None)
    return joined


def text() -> str:
    """Return the document as it is committed."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"wrote {DOCUMENT}\n")

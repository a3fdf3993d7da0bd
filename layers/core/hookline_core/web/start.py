"""Makes a cold start short. Imported before anything else of this package, because most of a start is imports.

Three things cost a third of it and give nothing back (``bench/bench_init.py`` measures):

- The garbage collector looks again and again through what is being imported, all of which stays. It rests until the
  app is built, and never looks at those things later.
- FastAPI builds validators for every part of an OpenAPI document. Ours is written when the project is built.
- Clients of AWS: see ``hookline_core.stores.aws``.
"""

import gc
import importlib
import os

UNDER_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def begin() -> None:
    """Prepare for imports."""
    if UNDER_LAMBDA:
        gc.disable()
    # By name, so that nothing of this is imported before the collector rests.
    settings_of_all_models = importlib.import_module("pydantic").BaseModel.model_config
    settings_of_all_models["defer_build"] = True
    try:
        importlib.import_module("fastapi")
    finally:
        del settings_of_all_models["defer_build"]


def end() -> None:
    """Say that everything is imported and built."""
    if UNDER_LAMBDA:
        gc.freeze()
        gc.enable()

"""Trains the base model: data in, artefact and model card out. `python -m training --help`."""

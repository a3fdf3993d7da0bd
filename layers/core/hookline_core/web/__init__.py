"""FastAPI plumbing of the two functions that speak HTTP. Only they import it."""

from hookline_core.web import start

start.begin()

"""FastAPI plumbing of the two functions that speak HTTP. Only they import it."""

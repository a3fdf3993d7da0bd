"""HTTP routes: each parses, calls one use case, and maps the result."""

"""House rules of the template."""

"""Tells API Gateway who calls: an API key or a WebSocket ticket becomes a role."""

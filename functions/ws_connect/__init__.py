"""The WebSocket's three routes: a console connects, leaves, or says something."""

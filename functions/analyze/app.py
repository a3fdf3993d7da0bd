"""Lambda entry point of the REST API."""

from hookline_core.web.entry import gateway_handler

from analyze.bootstrap import application

handler = gateway_handler(application)

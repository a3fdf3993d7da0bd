"""Lambda entry point of training and of the model registry."""

from hookline_core.web.entry import gateway_handler

from retrain.bootstrap import application

handler = gateway_handler(application)

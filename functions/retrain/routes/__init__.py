"""The routes of the model's life, one module for each of its parts."""

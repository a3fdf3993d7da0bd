"""Benchmarks. Each is a command: ``python -m bench.NAME``. They print numbers and never fail on one."""

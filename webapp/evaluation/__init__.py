"""Benchmarks: accuracy on annotated data, speed in a real browser and under load."""

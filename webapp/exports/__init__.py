"""Workouts as files for other programs, one module a format. Pure: text or bytes come back, nothing is written."""

"""Workouts as files for other programs, one module a format. Pure: they return text or bytes and write nothing."""

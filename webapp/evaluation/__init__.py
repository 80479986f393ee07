"""What is measured, and on what: accuracy against annotated data, speed in a real browser."""

"""Analyses movement: measures, repetitions, holds, form and set-up. Pure: no clock, no file, no framework."""

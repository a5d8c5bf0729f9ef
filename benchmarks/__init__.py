"""Measuring Bauruf, next to Rasa, on the machine at hand: `make bench`."""

"""Engines on trial, each in a process of its own, so that memory and time are the engine's alone."""

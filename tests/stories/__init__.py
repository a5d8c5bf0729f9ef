"""Whole conversations over HTTP, written as dialogues."""

"""Tests: they mirror the four packages; stories/ are whole conversations over HTTP."""

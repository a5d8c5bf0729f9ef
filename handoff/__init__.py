"""The desk: where humans work."""

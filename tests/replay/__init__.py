"""What collected provider calls do to a running server."""

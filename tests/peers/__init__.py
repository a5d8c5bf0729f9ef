"""Conversations with fake providers that other people wrote, and a line between us that fails."""

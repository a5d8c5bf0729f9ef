"""The talk: who is writing, what they want, what happens next."""

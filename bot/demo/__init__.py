"""A fictitious maker of fans and its customers, to try everything without real data."""

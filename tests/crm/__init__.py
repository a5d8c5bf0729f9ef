"""The CRMs: their fakes, the adapters, the sync and the write-back."""

"""The accounts as agents see and mend them: search, page, edits, and who was told what."""

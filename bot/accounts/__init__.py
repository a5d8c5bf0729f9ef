"""Who is writing: the company account behind an endpoint."""

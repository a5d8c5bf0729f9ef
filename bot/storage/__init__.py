"""Everything that touches the database: one module a noun, commits only at the edge."""

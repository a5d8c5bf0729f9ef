"""Commands of the operator, one module a noun."""

"""The console's HTTP interface, as docs/console-api.md describes it."""

"""The ear: text in, meaning out. Knows no database and no web."""

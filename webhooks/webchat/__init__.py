"""The web chat: the live chat of a web site, and in a demo the phone that stands in for every channel."""

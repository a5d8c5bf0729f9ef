"""The console and the phone in real Chromium, on a real server."""

"""The door: HTTP in, providers out, wiring. The only place that knows Twilio and Telegram."""

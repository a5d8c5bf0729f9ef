"""WhatsApp over Twilio: webhooks in, REST out."""

"""What the console reads: the queue's cards, the messages, the account beside them. Only SELECTs."""

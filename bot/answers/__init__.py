"""What the bot says: a catalogue of wordings and one small module per skill that looks something up."""

"""What was recorded: sessions, wellness, calendar and sport settings, checked and counted once."""

"""What happened on each screen, counted."""

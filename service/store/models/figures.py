"""Counted figures, and what was published of them."""

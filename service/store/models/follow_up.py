"""The roster, and what was done about a missed visit."""

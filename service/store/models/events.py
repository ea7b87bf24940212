"""Outreach days and group sessions, and who is invited to them."""

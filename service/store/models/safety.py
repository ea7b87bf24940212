"""Incidents, transfers, supporters, and records that were merged."""

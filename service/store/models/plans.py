"""What the care plans keep beside the visits: samples, switches of a site, approvals."""

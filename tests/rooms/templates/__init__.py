"""Templates: reading, filling, limits, signatures."""

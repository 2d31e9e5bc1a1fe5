"""The worker door: jobs, listeners and the clock."""

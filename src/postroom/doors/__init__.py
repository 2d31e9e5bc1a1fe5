"""The doors: who is calling. Web, worker and command line."""

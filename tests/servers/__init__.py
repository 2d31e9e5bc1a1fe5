"""Servers that tests, demo and benches start on loopback and stop by themselves."""

"""Tests of our SMTP client against servers that speak, misbehave and refuse."""

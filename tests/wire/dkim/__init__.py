"""Tests of DKIM."""

"""Tests of the sending domains room."""

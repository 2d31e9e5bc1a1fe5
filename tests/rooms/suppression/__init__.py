"""Tests of the suppression room."""

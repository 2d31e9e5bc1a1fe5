"""Tests of the emails room."""

"""Tests mirror the tree under `src/postroom`; a name is a sentence about the field."""

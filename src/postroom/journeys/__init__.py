"""The journeys: what happens, in order."""

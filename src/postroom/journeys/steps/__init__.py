"""Steps that several journeys take."""

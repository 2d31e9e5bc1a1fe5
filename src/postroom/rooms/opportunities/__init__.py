"""Deals with a lead, the statuses that they pass through, and the pipelines that hold these."""

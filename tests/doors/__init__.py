"""The doors, knocked on from outside."""

"""Fields that an organization makes itself, and what values they take."""

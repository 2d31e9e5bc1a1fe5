"""The ground: what every floor stands on. It knows nothing of mail or leads."""

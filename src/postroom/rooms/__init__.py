"""The rooms: each owns one noun, its rules and its tables. Rooms do not know each other."""

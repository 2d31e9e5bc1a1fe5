"""The mailbox room: folders and how far they are read, the ledger of sightings, copies and their placement."""

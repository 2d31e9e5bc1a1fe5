"""The tables of this room."""

TABLES = (
    "folders",
    "sightings",
    "failed_messages",
    "copies",
    "placements",
    "backfills",
    "rejudgements",
    "pull_history",
    "listen_leases",
)

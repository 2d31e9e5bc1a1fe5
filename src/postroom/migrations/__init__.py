"""The schema as numbered SQL files, forward only; `ground.database.migrate` runs them."""

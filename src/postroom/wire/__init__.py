"""The wire: how mail is spoken. Protocols and formats; no database, no rules of ours."""

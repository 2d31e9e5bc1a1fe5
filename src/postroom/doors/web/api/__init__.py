"""The API, one file per resource; every file lists its routes in ROUTES."""

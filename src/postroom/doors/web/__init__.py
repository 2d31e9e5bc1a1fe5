"""The web door: HTTP in, Close-shaped JSON out."""

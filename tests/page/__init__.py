"""The page's contract with the server: what it was built against is what is served."""

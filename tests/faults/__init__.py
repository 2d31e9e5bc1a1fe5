"""Every failure of mail the field knows, played through the real journeys. COVERAGE.md says which test is which."""

"""The house rules of ARCHITECTURE.md and STYLE.md that a machine can check."""

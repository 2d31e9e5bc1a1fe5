"""Templates and signatures: words written once and filled in for each person they go to."""

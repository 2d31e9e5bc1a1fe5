"""What colleagues say to each other about an activity or opportunity."""

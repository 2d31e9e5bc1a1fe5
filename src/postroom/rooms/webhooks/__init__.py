"""Who is told of what happens: addresses of other programs, and the events each of them wants."""

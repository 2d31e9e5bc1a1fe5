"""Looking things up about a mail domain: DNS, its own web pages, and which servers answer under usual names."""

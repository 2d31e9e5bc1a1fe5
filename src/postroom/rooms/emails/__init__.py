"""The emails room: messages, the emails they are on leads, their threads, and their way out."""

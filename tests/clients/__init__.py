"""Programs written for Close, run unchanged against our own server over HTTP."""

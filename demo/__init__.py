"""`make demo`: Postroom with a sandbox mail server on loopback, sample mail, and customers who answer."""

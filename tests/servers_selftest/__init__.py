"""Tests of the test servers: an oracle (imaplib, IMAPClient, smtplib) talks to them."""

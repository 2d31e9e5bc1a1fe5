"""Bulk email: batches and the ledger of their recipients."""

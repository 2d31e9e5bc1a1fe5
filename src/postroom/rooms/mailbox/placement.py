"""Who follows whom: one bit seen three ways. The same rule serves "in INBOX" and "read".

    agreed · crm · mailbox
    crm = mailbox             → agree on it
    crm = agreed ≠ mailbox    → the user moved it there: we follow
    mailbox = agreed ≠ crm    → the user pressed here: the mailbox follows

Both changing from one remembered bit makes them equal, so no conflict can exist and nothing echoes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bit:
    """One bit of a message's state: what was last agreed, what we hold, what the mailbox shows."""

    agreed: bool
    crm: bool
    mailbox: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """The bit after deciding, and whether the mailbox must be told."""

    bit: Bit
    push: bool


def settle(bit: Bit, *, may_push: bool = True) -> Settled:
    """Decide one bit. With `may_push` false (write-back is off) the mailbox is left as it is."""
    if bit.crm == bit.mailbox:
        return Settled(Bit(bit.crm, bit.crm, bit.mailbox), push=False)
    if bit.crm == bit.agreed:
        return Settled(Bit(bit.mailbox, bit.mailbox, bit.mailbox), push=False)
    return Settled(bit, push=may_push)

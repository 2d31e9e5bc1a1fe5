"""What a journey may hold. Built once by `doors/wiring.py` from the Config; journeys never pick a concrete client."""

from dataclasses import dataclass, field

from postroom.ground.blobs import BlobStore
from postroom.ground.clock import Clock
from postroom.ground.config import Config
from postroom.ground.database import Database
from postroom.ground.jobs import Jobs
from postroom.ground.net import AddressPolicy
from postroom.ground.side_process import SideProcess
from postroom.ground.vault import Vault

READ_PROCESS = "postroom.journeys.steps.read_process"


@dataclass(frozen=True, slots=True)
class Tools:
    """One for each process. `addresses` says which hosts may be called; `reading` is the process that reads mail."""

    config: Config
    db: Database
    jobs: Jobs
    clock: Clock
    blobs: BlobStore
    vault: Vault
    addresses: AddressPolicy
    reading: SideProcess = field(default_factory=lambda: SideProcess(READ_PROCESS))

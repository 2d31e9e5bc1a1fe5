"""A file of leads and contacts comes in, row by row, some hundred at once.

check   what each row would do, with nothing made       T per slice: results
run     the same in earnest                             T per slice: leads, contacts, events, past mail wanted, results

A slice and the count of rows done commit together: a run that breaks off goes on behind its last slice. A check begins
anew, since what earlier rows would have made is known in memory only. The file itself is never changed. A full disk, or
a database that is away, only makes it wait.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, PostroomError
from postroom.ground.ids import new_id
from postroom.ground.stamp import Stamp
from postroom.journeys.steps.another_try import is_for_later
from postroom.journeys.steps.import_terms import contact_of, read_terms
from postroom.journeys.steps.join_row import join_row
from postroom.journeys.steps.past_mail import address_added
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.public_domains import is_public_domain
from postroom.rooms.imports import sheet, store
from postroom.rooms.imports.lead_import import LeadImport, Outcome, RowResult, Status
from postroom.rooms.imports.row_values import Drafted, drafted
from postroom.rooms.leads import import_store
from postroom.rooms.leads.import_store import NamedLead
from postroom.rooms.leads.lead import Contact, LeadContent

ROWS_AT_ONCE = 500

Row = tuple[int, list[str]]


@dataclass(slots=True)
class _Known:
    """Leads by what rows are joined by. `new` are those that this import makes, with their contacts so far."""

    by_email: dict[str, str] = field(default_factory=dict)
    by_domain: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    new: dict[str, list[Contact]] = field(default_factory=dict)

    def learn(self, row: Drafted, lead_id: str) -> None:
        """A row belongs to this lead; so do later ones like it."""
        for key in row.keys:
            self.by_email.setdefault(key, lead_id)
        for domain in _domains(row):
            self.by_domain.setdefault(domain, lead_id)
        self.by_name.setdefault(row.lead_name.casefold(), lead_id)

    def lead_of(self, row: Drafted, joined_by: Sequence[str]) -> str:
        """The lead that a row belongs to, "" for none."""
        found = {
            "email": (self.by_email.get(key, "") for key in row.keys),
            "domain": (self.by_domain.get(domain, "") for domain in _domains(row)),
            "name": iter((self.by_name.get(row.lead_name.casefold(), ""),)),
        }
        return next(
            (lead_id for way in ("email", "domain", "name") if way in joined_by for lead_id in found[way] if lead_id),
            "",
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """A row that makes sense, with what it says in our terms."""

    number: int
    row: Drafted
    content: LeadContent


@dataclass(slots=True)
class _Plan:
    """What a slice does: leads to make, rows to join to leads that are there, and rows that are decided already."""

    leads: dict[str, tuple[LeadContent, list[Contact]]] = field(default_factory=dict)
    joins: list[tuple[_Read, str]] = field(default_factory=list)
    results: list[RowResult] = field(default_factory=list)


async def import_leads(tools: Tools, organization_id: str, import_id: str) -> None:
    """Check or run an import, whichever is asked for; nothing where neither is."""
    async with tools.db.transaction() as tx:
        one = await store.lock_import(tx, organization_id, import_id)
        if one.status not in (Status.CHECKING, Status.RUNNING):
            return
        if one.status is Status.CHECKING:
            await store.forget_rows(tx, organization_id, import_id)
            await store.set_status(tx, one, Status.CHECKING, tools.clock())
            one = replace(one, reached=0)
    try:
        content = await tools.blobs.read(one.blob_ref)
        await _walk(tools, one, _rows(content, one))
    except PostroomError as error:
        if is_for_later(error):
            raise
        async with tools.db.transaction() as tx:
            await store.set_status(tx, one, Status.ERROR, tools.clock(), str(error))


async def _walk(tools: Tools, one: LeadImport, rows: Iterator[Row]) -> None:
    known, reached = _Known(), one.reached
    while True:
        batch = list(islice(rows, ROWS_AT_ONCE))
        async with tools.db.transaction() as tx:
            now = await store.lock_import(tx, one.organization_id, one.id)
            if (now.status, now.reached) != (one.status, reached):
                return  # stopped, or taken over
            if not batch:
                ended = Status.CHECKED if one.status is Status.CHECKING else Status.DONE
                await store.end(tx, one, ended, tools.clock())
                return
            await _slice(tools, tx, (one, known), batch)
        reached += len(batch)
        if one.status is Status.RUNNING:
            known = _Known()  # what it has made is found in the database


def _rows(content: bytes, one: LeadImport) -> Iterator[Row]:
    """The rows that are still to be done."""
    rows = sheet.rows(content, one.form)
    return islice(rows, one.reached + (1 if one.choices.has_header else 0), None)


async def _slice(tools: Tools, tx: Transaction, work: tuple[LeadImport, _Known], batch: Sequence[Row]) -> None:
    one, known = work
    stamp = Stamp(one.user_id, tools.clock())
    terms = await read_terms(tx, one.organization_id, stamp)
    plan, reads = _Plan(), []
    for number, cells in batch:
        try:
            row = replace(drafted(cells, one.choices.mapping), region=terms.region)
            reads.append(_Read(number, row, terms.content_of(row)))
        except Invalid as error:
            plan.results.append(RowResult(number, Outcome.FAILED, str(error)))
    there = await _there(tx, one, [read.row for read in reads])
    made_here = await store.made_here(
        tx, one, [*{*there.by_email.values(), *there.by_domain.values(), *there.by_name.values()}]
    )
    for read in reads:
        _decide(plan, read, (one, known, there, made_here))
    if one.status is Status.RUNNING:
        await _make(tools, tx, (one, plan), stamp)
    else:
        plan.results += [_tried(read, lead_id) for read, lead_id in plan.joins]
    await store.save_rows(tx, one, plan.results, stamp.now)


async def _there(tx: Transaction, one: LeadImport, rows: Sequence[Drafted]) -> _Known:
    """The leads that are there already for these rows."""
    found, org, joined_by = _Known(), one.organization_id, one.choices.joined_by
    if "email" in joined_by:
        keys = [key for row in rows for key in row.keys]
        found.by_email = {key: lead for key, (lead, _) in (await import_store.leads_by_address(tx, org, keys)).items()}
    if "domain" in joined_by:
        domains = [domain for row in rows for domain in _domains(row)]
        found.by_domain = await import_store.leads_by_domain(tx, org, domains)
    if "name" in joined_by:
        names = list({row.lead_name for row in rows})
        by_name = await import_store.leads_by_name(tx, org, names)
        found.by_name = {name.casefold(): lead_id for name, lead_id in by_name.items()}
    return found


def _decide(plan: _Plan, read: _Read, given: tuple[LeadImport, _Known, _Known, set[str]]) -> None:
    """Make a lead, join one, or leave the row out."""
    one, known, there, made_here = given
    joined_by = one.choices.joined_by
    lead_id = known.lead_of(read.row, joined_by) or there.lead_of(read.row, joined_by)
    if not lead_id:
        lead_id = new_id("lead")
        contact = contact_of(read.row, lead_id)
        contacts = known.new[lead_id] = [contact] if contact else []
        plan.leads[lead_id] = (read.content, contacts)
        plan.results.append(_made(one, read, Outcome.CREATED, (lead_id, contact)))
    elif lead_id in known.new:
        plan.results.append(
            _made(one, read, Outcome.JOINED, (lead_id, _one_more(known.new[lead_id], read.row, lead_id)))
        )
    elif one.choices.when_found == "skip" and lead_id not in made_here:
        plan.results.append(RowResult(read.number, Outcome.SKIPPED, "There is such a lead.", lead_id))
    else:
        plan.joins.append((read, lead_id))
    known.learn(read.row, lead_id)


def _one_more(contacts: list[Contact], row: Drafted, lead_id: str) -> Contact | None:
    """The row's contact put on a lead that the same slice makes; None where that lead has this person already."""
    contact = contact_of(row, lead_id)
    if contact is None:
        return None
    keys = set(row.keys)
    for held in contacts:
        is_same_name = row.contact_name and held.content.name.casefold() == row.contact_name.casefold()
        if is_same_name or keys & {email.key for email in held.content.emails}:
            return None
    contacts.append(contact)
    return contact


def _made(one: LeadImport, read: _Read, outcome: Outcome, made: tuple[str, Contact | None]) -> RowResult:
    """A row whose lead this slice makes. A check has made nothing, and names no ids."""
    lead_id, contact = made
    is_real = one.status is Status.RUNNING
    return RowResult(
        read.number, outcome, "", lead_id if is_real else None, contact.id if is_real and contact else None,
        outcome is Outcome.CREATED, contact is not None,
    )  # fmt: skip


def _tried(read: _Read, lead_id: str) -> RowResult:
    return RowResult(read.number, Outcome.JOINED, "", lead_id)


async def _make(tools: Tools, tx: Transaction, work: tuple[LeadImport, _Plan], stamp: Stamp) -> None:
    """In earnest: new leads in one go, the others one by one."""
    one, plan = work
    org = one.organization_id
    leads: list[NamedLead] = [(lead_id, content, tuple(people)) for lead_id, (content, people) in plan.leads.items()]
    keys = dict.fromkeys(await import_store.insert_leads(tx, org, leads, stamp))
    for read, lead_id in plan.joins:
        person = contact_of(read.row, lead_id)
        result, more = await join_row(tx, org, (read.number, read.content, person, lead_id), stamp)
        plan.results.append(result)
        keys.update(dict.fromkeys(more))
    await address_added(tools, tx, org, list(keys))


def _domains(row: Drafted) -> Iterable[str]:
    """The domains of a row's addresses that are a company's own."""
    domains = dict.fromkeys(key.rpartition("@")[2] for key in row.keys)
    return [domain for domain in domains if not is_public_domain(domain)]

"""The mail with an invitation or a password link goes out by an account's SMTP server.

It is no email on a lead: nothing of it is kept, and of its link only the hash once it is out. A try that ends without a
clear answer is made again: two mails with one link do no harm, none leaves somebody outside.
"""

import asyncio

from postroom.ground.errors import PostroomError, Temporary
from postroom.journeys.steps.credentials import note_failure, note_success, smtp_settings
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.users import link_store
from postroom.rooms.users.access_link import LinkToMail, link_context, link_url
from postroom.rooms.users.link_words import subject_of, text_of
from postroom.wire.mime.addresses import domain_of
from postroom.wire.mime.compose import compose
from postroom.wire.mime.types import Address, OutgoingContent
from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.session import Session, open_session
from postroom.wire.smtp.types import Outcome

_LONGEST_SECONDS = 60.0


async def mail_links(tools: Tools, organization_id: str, account_id: str) -> None:
    """Send what waits for this account. Raises what keeps the account from sending; the links say so too."""
    async with tools.db.transaction() as tx:
        waiting = await link_store.links_to_mail(tx, organization_id, account_id, tools.clock())
        account = await account_store.get(tx, organization_id, account_id)
    if not waiting:
        return
    try:
        used, settings = await smtp_settings(tools, organization_id, account_id)
        session = await open_session(settings)
    except PostroomError as error:
        await _not_mailed(tools, organization_id, waiting, str(error))
        raise
    try:
        await note_success(tools, used)
        for link in waiting:
            await _mail(tools, account, session, link)
    except PostroomError as error:
        await note_failure(tools, used, error)
        raise
    finally:
        await session.close()


async def _mail(tools: Tools, account: ConnectedAccount, session: Session, link: LinkToMail) -> None:
    org = account.organization_id
    token = tools.vault.open(link.sealed_token, link_context(org, link.id)).decode()
    content = _content(tools, account, link, link_url(tools.config.base_url, link.purpose, token))
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            reply = await deliver(session, account.email, (link.email,), compose(content).for_smtp)
    except TimeoutError as error:
        await _not_mailed(tools, org, (link,), "The mail server took too long.")
        raise Temporary("The mail server took too long.") from error
    if reply.outcome is Outcome.ACCEPTED:
        async with tools.db.transaction() as tx:
            await link_store.note_mailed(tx, org, link.id, tools.clock())
    else:
        await _not_mailed(tools, org, (link,), reply.server_words)


async def _not_mailed(tools: Tools, organization_id: str, links: tuple[LinkToMail, ...], error: str) -> None:
    async with tools.db.transaction() as tx:
        for link in links:
            await link_store.note_not_mailed(tx, organization_id, link, error, tools.clock())


def _content(tools: Tools, account: ConnectedAccount, link: LinkToMail, url: str) -> OutgoingContent:
    """The mail. Auto-Submitted (RFC 3834) keeps absence notices from answering it."""
    return OutgoingContent(
        message_id=f"<{link.id}@{domain_of(account.email)}>",
        date=tools.clock(),
        from_=Address(account.settings.display_name, account.email),
        to=(Address(link.first_name, link.email),),
        subject=subject_of(link),
        text=text_of(link, url),
        extra_headers=(("Auto-Submitted", "auto-generated"),),
    )

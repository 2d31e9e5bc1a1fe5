"""What a refusal means: whom it concerns first, whether it passes second.

The same code means different things from different servers and at different moments, so the rules are data, tried in
order, each with the provider's fact that it stands for. What no rule knows falls to its stage: a refused login
concerns the account, a refused RCPT the recipient, a refused DATA the message.
"""

import re
from dataclasses import dataclass

from postroom.ground.errors import Remedy
from postroom.wire.smtp.dialogue import ConnectionLost
from postroom.wire.smtp.rules import RULES, Rule
from postroom.wire.smtp.types import Permanence, Reply, Scope, Stage, Verdict

_WAIT = re.compile(r"(?:try|retry|again|wait)\D{0,40}?(\d{1,5})\s*(second|sec|minute|min|hour)", re.IGNORECASE)
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LONGEST_WAIT_SECONDS = 24 * 3600.0


def judge(stage: Stage, reply: Reply, host: str) -> Verdict:
    """The verdict on a reply that is not good."""
    rule = next((rule for rule in RULES if _applies(rule, stage, reply)), None) or _by_stage(stage, reply.code)
    wait = _asked_wait(reply.text)
    return Verdict(
        rule.scope,
        rule.permanence,
        rule.message.format(host=host, words=reply.words),
        rule.remedy,
        rule.retry_after_seconds if wait is None else wait,
    )


def lost(host: str, error: ConnectionLost) -> Verdict:
    """The verdict on a connection that broke before the message was handed over."""
    return Verdict(Scope.CONNECTION, Permanence.TEMPORARY, f"The connection to {host} failed: {error}.")


def _applies(rule: Rule, stage: Stage, reply: Reply) -> bool:
    return (
        (not rule.stages or stage in rule.stages)
        and (not rule.codes or reply.code in rule.codes)
        and (not rule.enhanced or reply.enhanced.startswith(rule.enhanced))
        and (rule.words is None or rule.words.search(reply.text) is not None)
    )


@dataclass(frozen=True, slots=True)
class _Fallback:
    scope: Scope
    permanence: Permanence
    message: str
    remedy: Remedy | None = None
    retry_after_seconds: float | None = None


def _by_stage(stage: Stage, code: int) -> _Fallback:
    passes = code < 500
    temporary = Permanence.TEMPORARY
    match stage:
        case Stage.CONNECT if passes:
            return _Fallback(Scope.CONNECTION, temporary, "{host} is not ready: {words}")
        case Stage.CONNECT:
            return _Fallback(
                Scope.ACCOUNT, Permanence.NEEDS_USER, "{host} does not want our connection: {words}", Remedy.ALLOW_LIST
            )
        case Stage.LOGIN if passes:
            return _Fallback(Scope.ACCOUNT, temporary, "{host} puts the login off: {words}", None, 300)
        case Stage.LOGIN:
            return _Fallback(
                Scope.ACCOUNT,
                Permanence.NEEDS_USER,
                "{host} refuses the user name or the password: {words}",
                Remedy.PASSWORD,
            )
        case Stage.SENDER if passes:
            return _Fallback(Scope.CONNECTION, temporary, "{host} takes no mail at the moment: {words}")
        case Stage.SENDER:
            return _Fallback(Scope.SENDER, Permanence.PERMANENT, "{host} refuses the sender's address: {words}")
        case Stage.RECIPIENT:
            permanence = temporary if passes else Permanence.PERMANENT
            return _Fallback(Scope.RECIPIENT, permanence, "{host} refuses the recipient: {words}")
        case Stage.CONTENT:
            permanence = temporary if passes else Permanence.PERMANENT
            return _Fallback(Scope.CONTENT, permanence, "{host} refuses the message: {words}")


def _asked_wait(text: str) -> float | None:
    """How many seconds "try again in 10 minutes" asks for; None where the server says no such thing."""
    match = _WAIT.search(text)
    if match is None:
        return None
    return min(int(match[1]) * _UNIT_SECONDS[match[2][0].lower()], _LONGEST_WAIT_SECONDS)

"""Where messages go: a service that apprise knows, or a target that another package adds.

When a message is sent, and what it says, is decided in `notifications`.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

from weekly_plan_assets.domain.extensions import Seam, added_names, make_part, package_of
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.messages.message import Line, Message, MessageForm

if TYPE_CHECKING:
    from apprise import Apprise

log = logging.getLogger(__name__)

_SPARE = 16
"""Characters that a service may add around title and body."""

_KEY_LENGTH = 12


class NotificationError(WeeklyPlanError, RuntimeError):
    """Nothing can be sent; the message says why, without the URLs, which are secret."""


class MessageTarget(Protocol):
    """Takes a message, such as a chat or a mailbox."""

    @property
    def name(self) -> str:
        """What warnings call it; never its address, which may hold a token."""
        ...

    def send(self, title: str, body: str, *, failed: bool) -> bool:
        """Send plain text, and return whether it was taken.

        Args:
            title: One line.
            body: Several lines.
            failed: Whether the message is about a failure.
        """
        ...


@runtime_checkable
class MessageReader(Protocol):
    """A target that takes messages as they are, to show them in its own way.

    Others are sent plain text.
    """

    def send_message(self, message: Message) -> bool:
        """Send a message, and return whether it was taken."""
        ...


class AppriseTarget:
    """A service behind one URL of apprise."""

    def __init__(self, service: "Apprise") -> None:
        """Wrap an Apprise object that holds this service alone."""
        self._service = service

    @property
    def name(self) -> str:
        """The name of the service, such as Slack."""
        return ", ".join(str(one.service_name) for one in self._service)

    def send(self, title: str, body: str, *, failed: bool) -> bool:
        """Send plain text, and return whether the service took it."""
        return self.send_message(Message(title, (Line(body),), is_failure=failed))

    def send_message(self, message: Message) -> bool:
        """Send a message in the service's own form and length, with files where it takes them."""
        from apprise import AppriseAttachment, NotifyFormat, NotifyType  # noqa: PLC0415 - see below
        from apprise.attachment.memory import AttachMemory  # noqa: PLC0415

        service = next(iter(self._service))
        form = MessageForm(service.resolve_format(None).value)
        most = service.body_maxlen - len(message.title) - _SPARE
        files = AppriseAttachment()
        for one in message.attachments if service.attachment_support else ():
            memory: Any = AttachMemory  # which is not typed
            files.add(memory(one.content, name=one.name, mimetype=one.media_type))
        return bool(
            self._service.notify(
                body=message.body(form, most),
                title=message.title,
                notify_type=NotifyType.FAILURE if message.is_failure else NotifyType.SUCCESS,
                body_format=NotifyFormat(form.value),
                attach=files if len(files) else None,
            )
        )


@dataclass(frozen=True, slots=True)
class NamedTarget:
    """A target, and what it is known by without its address.

    Attributes:
        key: The beginning of a hash of the address, which may hold a token.
    """

    key: str
    target: MessageTarget


def message_targets(urls: str) -> tuple[NamedTarget, ...]:
    """The target of each URL.

    Args:
        urls: As in WEEKLY_PLAN_NOTIFY, separated by spaces.

    Raises:
        NotificationError: apprise is needed and not installed, or nothing knows any of the URLs.
    """
    schemes = added_names(Seam.MESSAGE_TARGET)
    own = [url for url in urls.split() if urlsplit(url).scheme in schemes]
    rest = urls
    for url in own:
        rest = rest.replace(url, " ")
    targets = (
        *(
            NamedTarget(_key_of(url), target)
            for url in own
            if (target := _added_target(url)) is not None
        ),
        *(_apprise_targets(rest.strip()) if rest.strip() else ()),
    )
    if not targets:
        raise NotificationError("WEEKLY_PLAN_NOTIFY holds no URL that apprise knows; correct it")
    return targets


def was_taken(target: MessageTarget, message: Message, deadline_s: float) -> bool:
    """Whether a target took the message; one that does not answer in time is left behind.

    Args:
        target: Where to send.
        message: What to send.
        deadline_s: A moment of the monotonic clock.
    """
    answers: list[bool] = []

    def send() -> None:
        try:
            if isinstance(target, MessageReader):
                answers.append(target.send_message(message))
            else:
                taken = target.send(message.title, message.text, failed=message.is_failure)
                answers.append(taken)
        except Exception:  # noqa: BLE001 - a hundred services fail in any way, and may name the URL
            answers.append(False)

    thread = Thread(target=send, name="notification", daemon=True)
    thread.start()
    thread.join(max(0.0, deadline_s - monotonic()))
    if answers != [True]:
        why = "did not take it" if answers else "did not answer in time"
        log.warning("%s: the notification service %s %s", message.title, target.name, why)
    return answers == [True]


def _added_target(url: str) -> MessageTarget | None:
    """The target of another package; None if it cannot be made, which stops no other one."""
    scheme = urlsplit(url).scheme
    try:
        target: MessageTarget = make_part(Seam.MESSAGE_TARGET, scheme, MessageTarget, url)
    except Exception as error:  # noqa: BLE001 - a package may raise anything, and name the URL
        log.warning(
            "the message target %s of package %s cannot be made (%s); correct or uninstall it",
            scheme,
            package_of(Seam.MESSAGE_TARGET, scheme),
            type(error.__cause__ or error).__name__,
        )
        return None
    return target


def _key_of(address: str) -> str:
    return sha256(address.encode()).hexdigest()[:_KEY_LENGTH]


def _apprise_targets(urls: str) -> Iterator[NamedTarget]:
    try:
        from apprise import Apprise  # noqa: PLC0415 - an extra that may be missing; 0.3 s
    except ImportError as error:
        raise NotificationError(
            "WEEKLY_PLAN_NOTIFY is set, but apprise is not installed; "
            "pip install 'weekly-plan-assets[notify]', or make install EXTRAS=notify in a checkout"
        ) from error
    # It logs addresses, which may hold tokens.
    quiet = logging.getLogger("apprise")
    quiet.propagate = False
    quiet.handlers = [logging.NullHandler()]
    known = Apprise()
    all_known = known.add(urls)
    services: list[Any] = list(known)
    for service in services:
        alone = Apprise()  # one service each, so that it is known which of them took a message
        alone.add(service)
        yield NamedTarget(_key_of(service.url(privacy=False)), AppriseTarget(alone))
    if len(known) and not all_known:
        log.warning("WEEKLY_PLAN_NOTIFY holds a URL that apprise does not know; correct it")

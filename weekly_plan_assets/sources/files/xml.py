"""XML of strangers, read safely: element by element, without building a tree of them.

What the elements mean belongs to the readers of GPX and TCX.
"""

import re
import sys
from collections.abc import Callable, Mapping
from typing import TypeVar
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from weekly_plan_assets.sources.files.errors import FileError, TooMuchError
from weekly_plan_assets.sources.files.limits import MIB, Deadline, at_most

UTF_8_MARK = b"\xef\xbb\xbf"
"""The byte order mark that some programs write; blanks may follow it, where XML allows none."""

DEEPEST = 64
"""Elements within elements; a track point with its extensions is seven deep."""

MOST_NAMES = 1_000
"""Different names of elements and attributes; each is remembered by the parser."""

LONGEST_PIECE = 4 * MIB
"""Bytes of a name, an attribute or a comment, which the parser holds, and looks through again."""

LONGEST_TEXT = 1_000
"""Characters of an element that are read; times and numbers are short, and names are cut off."""


class Elements:
    """What a reader does at the begin and the end of each element; override `opened` and `closed`.

    Attributes:
        path: Names of the open elements from the root on, without their namespaces.
        calls: How often the parser has called, whatever for.
    """

    def __init__(self) -> None:
        self.path: list[str] = []
        self.calls = 0
        self._names: dict[str, str] = {}
        self._text: list[str] = []
        self._text_length = 0

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take notice of an element and its attributes; `path` ends with it."""

    def closed(self, name: str, text: str) -> None:
        """Take notice of an element's end and of its text; `path` ends with its parent.

        The text is that behind the last element inside, for an element that has any.
        """

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Called by the parser."""
        self.calls += 1
        name = self._name(tag)
        self.path.append(name)
        at_most(len(self.path), DEEPEST, "elements within each other")
        for key in attributes:
            self._name(key)
        self._forget_text()
        self.opened(name, attributes)

    def data(self, text: str) -> None:
        """Called by the parser, with a part of a text."""
        self.calls += 1
        if self._text_length < LONGEST_TEXT:
            self._text.append(text)
            self._text_length += len(text)

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser's own signature
        """Called by the parser."""
        self.calls += 1
        name = self.path.pop()
        text = "".join(self._text)[:LONGEST_TEXT].strip()
        self._forget_text()
        self.closed(name, text)

    def comment(self, text: str) -> None:  # noqa: ARG002 - the parser's own signature
        """Called by the parser."""
        self.calls += 1

    @property
    def is_begun(self) -> bool:
        """Whether any element was there."""
        return bool(self._names)

    def _forget_text(self) -> None:
        self._text.clear()
        self._text_length = 0

    def _name(self, tag: str) -> str:
        name = self._names.get(tag)
        if name is None:
            at_most(len(self._names) + 1, MOST_NAMES, "different names of elements")
            name = self._names[tag] = tag.rpartition("}")[2]
        return name


Reader = TypeVar("Reader", bound=Elements)


def read_elements(
    content: bytes, make: Callable[[], Reader], deadline: Deadline
) -> tuple[Reader, str | None]:
    """Pass on all elements of a document, in any encoding.

    What is not well-formed is repaired where that is plain: characters that XML does not allow, a
    bare ampersand, a prefix without a namespace, an encoding other than the declared one. A
    document that breaks off is read as far as it goes.

    Args:
        content: The document.
        make: Makes the reader of its elements; called once more where the document is repaired.
        deadline: When the time to read it is up.

    Returns:
        The reader, and what is wrong with the document, or None.

    Raises:
        FileError: It takes too long, goes too deep, has a piece that is too long, or has a
            document type, which neither GPX nor TCX needs and which may grow or read other files.
    """
    elements = make()
    error = _fed(content, elements, deadline)
    if error is None:
        return elements, None
    elements = make()
    repaired_error = _fed(_repaired(content), elements, deadline)
    if repaired_error is None:
        return elements, f"it is not well-formed XML ({error}); it was repaired"
    if not elements.is_begun:
        raise FileError(f"it is not whole XML: {error}")
    return elements, f"it is not whole XML: {error}; what stands before is used"


def _fed(content: bytes, elements: Elements, deadline: Deadline) -> ParseError | None:
    """Feed a document to a reader; gives the error at which it ends early."""
    parser = DefusedXMLParser(target=elements, forbid_dtd=True)
    rest = memoryview(content)[_begin(content) :]
    calls, since = 0, 0
    try:
        for position in range(0, len(rest), MIB):
            parser.feed(rest[position : position + MIB])
            deadline.check()
            if elements.calls > calls:
                calls, since = elements.calls, position + MIB
            elif position + MIB - since > LONGEST_PIECE:
                raise TooMuchError("it holds a name, an attribute or a comment without an end")
        parser.close()
    except ParseError as error:
        return error
    except (LookupError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        if isinstance(error, DefusedXmlException):
            raise FileError("it declares a document type, which is refused as unsafe") from error
        return ParseError(str(error))
    return None


def _begin(content: bytes) -> int:
    """Where the document begins: Strava writes blanks before some."""
    mark = len(UTF_8_MARK) if content.startswith(UTF_8_MARK) else 0
    blanks = re.compile(rb"[ \t\r\n]*").match(content, mark)
    return blanks.end() if blanks else mark


_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.DOTALL)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|(\d{1,10}));", re.IGNORECASE)
_PREFIX = re.compile(r"(</?)[\w.-]+:(?=[A-Za-z_])")
_PREFIX_OF_ATTRIBUTE = re.compile(r"(\s)(?!xmlns)([A-Za-z_][\w.-]*):([\w.-]+\s*=\s*[\"'])")


def _repaired(content: bytes) -> bytes:
    """The document in UTF-8, without what most often keeps one from being well-formed."""
    text = _decoded(content).lstrip("\ufeff \t\r\n")
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :].lstrip()
    text = _FORBIDDEN.sub("", text)
    text = _REFERENCE.sub(_allowed_reference, text)
    text = _BARE_AMPERSAND.sub("&amp;", text)
    text = _PREFIX.sub(r"\1", text)
    return _PREFIX_OF_ATTRIBUTE.sub(r"\1\2_\3", text).encode(errors="replace")


def _allowed_reference(found: re.Match[str]) -> str:
    """The reference to a character as it stands; nothing for a character that XML forbids."""
    number = int(found[1], 16) if found[1] else int(found[2])
    is_allowed = number <= sys.maxunicode and not _FORBIDDEN.match(chr(number))
    return found[0] if is_allowed else ""


def _decoded(content: bytes) -> str:
    """The text of a document; by its first bytes, which say more than what it declares."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        declared = _DECLARED.search(content[:200])
        name = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
        if name.startswith(("utf-16", "utf_16", "utf-32", "utf_32", "ucs")):
            name = "utf-8"
    try:
        return content.decode(name, errors="replace")
    except LookupError:
        return content.decode(errors="replace")


_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\x00": "utf-16-le",
    b"\x00<": "utf-16-be",
    UTF_8_MARK: "utf-8-sig",
}

"""XML of strangers, read safely."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from weekly_plan_assets.sources.files.recording import FileError


def text_of(content: bytes) -> str:
    """The text of a file, from its first character that is not blank: Strava indents some.

    Raises:
        FileError: It is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError as error:
        raise FileError(f"it is not UTF-8 text: {error.reason} at byte {error.start}") from error


MOST_TAGS = 10_000_000
"""Twice what a week without a pause at a point a second has; more would not fit into memory."""


def parse_xml(text: str) -> Element:
    """The root of a document that declares no entities.

    Raises:
        FileError: It is not XML, it is too large, or it has a document type, which neither GPX nor
            TCX needs and which may grow or read other files.
    """
    if text.count("<") > MOST_TAGS:
        raise FileError(f"it holds more than {MOST_TAGS} tags")
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except ParseError as error:
        raise FileError(f"it is not whole XML: {error}") from error
    except DefusedXmlException as error:
        raise FileError("it declares a document type, which is refused as unsafe") from error
    return root

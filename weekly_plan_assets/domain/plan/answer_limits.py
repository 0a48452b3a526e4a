"""Upper limits that hold for what a planner answers, and not for what is already stored.

A plan that was published before a limit was set stays readable: models check their limits only
while an answer is read (`ANSWER`). The JSON Schema of an answer states them all; those of stored
documents do not.
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

ANSWER = {"answer": True}
"""The validation context in which limits are checked."""


@dataclass(frozen=True, slots=True)
class AtMost:
    """A limit in the annotation of a field: of a number, of a text's length, or of a list's.

    Attributes:
        most: The greatest value or length that is allowed.
        of: What `most` counts: the value itself, characters, or items.
    """

    most: int
    of: Literal["value", "characters", "items"] = "value"

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check the limit after the value itself."""
        return core_schema.with_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """State the limit where the schema is that of an answer."""
        described = handler(schema)
        if handler.mode == "validation":
            described[_KEYWORDS[self.of]] = self.most
        return described

    def _checked(self, value: Any, info: ValidationInfo) -> Any:
        if info.context != ANSWER:
            return value
        if self.of == "value" and value > self.most:
            raise PydanticKnownError("less_than_equal", {"le": self.most})
        if self.of == "characters" and len(value) > self.most:
            raise PydanticKnownError("string_too_long", {"max_length": self.most})
        if self.of == "items" and len(value) > self.most:
            counts = {"field_type": "List", "max_length": self.most, "actual_length": len(value)}
            raise PydanticKnownError("too_long", counts)
        return value


@dataclass(frozen=True, slots=True)
class AnswersOnly:
    """The only value of a text that an answer may have, in the annotation of a field.

    Attributes:
        value: That text; what is stored may hold others that the annotation allows.
    """

    value: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check the value after its own annotation."""
        return core_schema.with_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """State the value alone where the schema is that of an answer."""
        if handler.mode == "validation":
            return {"const": self.value, "type": "string"}
        return handler(schema)

    def _checked(self, value: str, info: ValidationInfo) -> str:
        if info.context == ANSWER and value != self.value:
            raise PydanticKnownError("literal_error", {"expected": repr(self.value)})
        return value


_KEYWORDS = {"value": "maximum", "characters": "maxLength", "items": "maxItems"}

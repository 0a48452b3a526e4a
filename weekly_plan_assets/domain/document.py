"""The base of every model that is stored or shown: frozen, snake_case here, camelCase there."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Document(BaseModel):
    """A frozen record. Python names are snake_case, stored and JSON names are camelCase.

    Keys that a stored document carries beside the model's own (`createdAt`, say) are ignored when
    it is read.
    """

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="ignore",
        allow_inf_nan=False,
    )

"""Read the answer of a model: find its one JSON object and hold it to the shape that was asked for.

Strict on purpose: unknown and repeated keys, other letter case, other types and numbers that are no numbers are
faults. Faults are named in our own words only: they go into the repair call, and nothing of the answer may.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Final, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from logtriage.engines.mimo.system_prompt import CONFIDENCE_BINS
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

MAX_STEPS: Final = 20
MAX_QUOTES: Final = 10
_THINKING: Final = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_Step = Annotated[str, StringConstraints(max_length=4000)]
_Quote = Annotated[str, StringConstraints(max_length=2000)]


class Answer(BaseModel):
    """The seven keys of the reply. ``confidence``: one of the ten names, or a number 0..1 (put into its bin)."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    reasoning_trace: Annotated[list[_Step], Field(max_length=MAX_STEPS)] | _Step
    category: Category
    severity: Severity
    is_actionable_for_oncall: bool
    evidence: Annotated[list[_Quote], Field(max_length=MAX_QUOTES)]
    suggested_action: Annotated[str, StringConstraints(max_length=2000)]
    confidence: (
        Literal[
            "blind_guess",
            "very_doubtful",
            "doubtful",
            "rather_doubtful",
            "nearly_even",
            "leaning",
            "probable",
            "well_supported",
            "strongly_supported",
            "certain",
        ]
        | Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
    )

    @field_validator("confidence", mode="before")
    @classmethod
    def _refuse_booleans(cls, value: object) -> object:
        if isinstance(value, bool):
            raise ValueError("a boolean is no confidence")
        return value

    @property
    def steps(self) -> list[str]:
        """The reasoning as steps."""
        return [self.reasoning_trace] if isinstance(self.reasoning_trace, str) else self.reasoning_trace

    @property
    def probability(self) -> float:
        """The middle of the confidence's bin."""
        if isinstance(self.confidence, str):
            return CONFIDENCE_BINS[self.confidence]
        return list(CONFIDENCE_BINS.values())[min(9, int(self.confidence * 10))]


ANSWER_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "reasoning_trace": {"type": "array", "items": {"type": "string"}},
        "category": {"enum": [category.value for category in Category]},
        "severity": {"enum": [severity.value for severity in Severity]},
        "is_actionable_for_oncall": {"type": "boolean"},
        "evidence": {"type": "array", "items": {"type": "string"}},
        "suggested_action": {"type": "string"},
        "confidence": {"enum": list(CONFIDENCE_BINS)},
    },
    "required": list(Answer.model_fields),
    "additionalProperties": False,
}
"""For sellers that hold a model to a schema; answers are checked all the same."""


class AnswerFault(Exception):
    """The answer is not what was asked for; ``faults`` say why, in our own words."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


NO_OBJECT: Final = "the reply holds no JSON object"
NOT_JSON: Final = "the reply is not valid JSON"
TWO_OBJECTS: Final = "the reply holds more than one JSON object, or text with braces after it"
REPEATED_KEY: Final = "a key stands twice"
NO_QUOTE_FOUND: Final = "no quote in `evidence` stands in the record character by character"
_KEYS: Final = frozenset(Answer.model_fields)
_EXPECTED: Final = {
    "reasoning_trace": "an array of short strings",
    "category": "exactly one of the nine names, in lower case",
    "severity": "exactly one of DEBUG, INFO, WARN, ERROR, FATAL",
    "is_actionable_for_oncall": "true or false",
    "evidence": "an array of at most five strings",
    "suggested_action": "one string of at most 250 characters",
    "confidence": "exactly one of the ten names",
}


def read_answer(content: str) -> Answer:
    """Find and check the object. Raises `AnswerFault` and nothing else."""
    found = _find_object(content)
    try:
        return Answer.model_validate_json(json.dumps(found))
    except ValidationError as error:
        places = {str(fault["loc"][0]) if fault["loc"] else "" for fault in error.errors(include_input=False)}
        faults = [f"`{key}` has to be {_EXPECTED[key]}" for key in _EXPECTED if key in places]
        if "" in places:
            faults.append(NOT_JSON)
        if places - _KEYS - {""}:
            faults.append("a key stands in the reply that was not asked for")
        raise AnswerFault(*faults) from None
    except (ValueError, RecursionError):
        raise AnswerFault(NOT_JSON) from None


def _find_object(content: str) -> dict[str, Any]:
    text = _THINKING.sub("", content.lstrip("\ufeff"))
    if "<think>" in text.split("{", 1)[0]:
        raise AnswerFault(NO_OBJECT)
    start = text.find("{")
    if start < 0:
        raise AnswerFault(NO_OBJECT)
    try:
        found, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        raise AnswerFault(NOT_JSON) from None
    rest = text[end:].strip()
    if "{" in rest or "}" in rest or rest[:1] in ("]", ","):
        raise AnswerFault(TWO_OBJECTS)
    if not isinstance(found, dict):
        raise AnswerFault(NO_OBJECT)
    return found


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise AnswerFault(REPEATED_KEY)
    return dict(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise AnswerFault(NOT_JSON)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_refuse_constant)

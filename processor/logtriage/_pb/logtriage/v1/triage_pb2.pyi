from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Category(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CATEGORY_UNSPECIFIED: _ClassVar[Category]
    CATEGORY_TRANSIENT_NETWORK: _ClassVar[Category]
    CATEGORY_UPSTREAM_OUTAGE: _ClassVar[Category]
    CATEGORY_CONFIG_ERROR: _ClassVar[Category]
    CATEGORY_RESOURCE_EXHAUSTION: _ClassVar[Category]
    CATEGORY_CODE_BUG: _ClassVar[Category]
    CATEGORY_DEPLOYMENT_DRIFT: _ClassVar[Category]
    CATEGORY_DATA_QUALITY: _ClassVar[Category]
    CATEGORY_AUTH_AUTHZ: _ClassVar[Category]
    CATEGORY_NOISE: _ClassVar[Category]

class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEVERITY_UNSPECIFIED: _ClassVar[Severity]
    SEVERITY_DEBUG: _ClassVar[Severity]
    SEVERITY_INFO: _ClassVar[Severity]
    SEVERITY_WARN: _ClassVar[Severity]
    SEVERITY_ERROR: _ClassVar[Severity]
    SEVERITY_FATAL: _ClassVar[Severity]
CATEGORY_UNSPECIFIED: Category
CATEGORY_TRANSIENT_NETWORK: Category
CATEGORY_UPSTREAM_OUTAGE: Category
CATEGORY_CONFIG_ERROR: Category
CATEGORY_RESOURCE_EXHAUSTION: Category
CATEGORY_CODE_BUG: Category
CATEGORY_DEPLOYMENT_DRIFT: Category
CATEGORY_DATA_QUALITY: Category
CATEGORY_AUTH_AUTHZ: Category
CATEGORY_NOISE: Category
SEVERITY_UNSPECIFIED: Severity
SEVERITY_DEBUG: Severity
SEVERITY_INFO: Severity
SEVERITY_WARN: Severity
SEVERITY_ERROR: Severity
SEVERITY_FATAL: Severity

class TriageReport(_message.Message):
    __slots__ = ("category", "severity", "confidence", "evidence", "reasoning_trace", "suggested_action", "is_actionable_for_oncall")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    REASONING_TRACE_FIELD_NUMBER: _ClassVar[int]
    SUGGESTED_ACTION_FIELD_NUMBER: _ClassVar[int]
    IS_ACTIONABLE_FOR_ONCALL_FIELD_NUMBER: _ClassVar[int]
    category: Category
    severity: Severity
    confidence: float
    evidence: _containers.RepeatedScalarFieldContainer[str]
    reasoning_trace: str
    suggested_action: str
    is_actionable_for_oncall: bool
    def __init__(self, category: _Optional[_Union[Category, str]] = ..., severity: _Optional[_Union[Severity, str]] = ..., confidence: _Optional[float] = ..., evidence: _Optional[_Iterable[str]] = ..., reasoning_trace: _Optional[str] = ..., suggested_action: _Optional[str] = ..., is_actionable_for_oncall: _Optional[bool] = ...) -> None: ...

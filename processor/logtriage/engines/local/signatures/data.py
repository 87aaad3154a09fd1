"""Data that is malformed, damaged or left out, in the words that many programs use."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="data.malformed",
        patterns=(
            rb"document failed validation",
            rb"different character encoding than you configured",
            rb"could not be converted to system\.",
            rb"malformed (?:json|xml|csv|request|input|message|data|header|body|payload|packet|url|record|utf-8)",
            rb"invalid (?:json|xml|utf-?8|payload|message format|input data|date|timestamp|encoding|base64|csv)",
            (
                rb"(?:failed|unable|cannot|could not|error)[^\n]{0,24} (?:parsing|to parse|parse|decoding"
                rb"|to decode|decode|deserializing|to deserialize|deserialize|to unmarshal|unmarshal"
                rb"|unmarshalling) [^\n]{0,60}"
            ),
            rb"json(?:: | )(?:cannot unmarshal|parse error|syntax error|unexpected end)",
            rb"cannot deserialize (?:value|instance)",
            rb"unrecognized field \"",
            rb"invalid character '[^\n]{1,6}' (?:looking for|after|in literal)",
            rb"(?:schema|json schema) validation (?:failed|error)",
            rb"does not (?:match|conform to) (?:the )?schema",
            rb"unparseable (?:date|number)",
            rb"unexpected (?:character|end of (?:input|data|file|json))[^\n]{0,40}",
            rb"validation (?:error|failed|failure)s? (?:for|on|in|of)",
            rb"\d{1,5} validation errors? for",
            rb"content is not allowed in prolog",
            rb"checksum (?:mismatch|error|failed|verification failed)",
            rb"crc (?:mismatch|error|check failed)",
            rb"\bnot in gzip format\b",
            rb"invalid wire type",
            rb"protobuf[^\n]{0,40}(?:parse|invalid|truncated)",
            rb"character with byte sequence [^\n]{1,40} has no equivalent",
        ),
        unless=(
            rb"rolled back",
            rb"not loaded",
            rb"abort(?:ed|ing)",
            rb"left (?:empty|open)",
            rb"missing from",
            rb"accepted_versions",
            rb"last_hour",
            (
                rb"\b(?:all|every|each|whole|entire) (?:\w{1,20} )?(?:batch|file|row|line|record"
                rb"|message|import|feed|event|document|partner|sender|sample)s?\b"
            ),
            rb"giving up",
            rb"since (?:the )?(?:release|deploy|update|upgrade|version|build|rollout|\d{1,2}[:.]\d\d)",
            (
                rb"\b[1-9]\d{2,6} (?:of \d{1,7} )?(?:rows|lines|records|messages|events|documents"
                rb"|orders|entries|samples) (?:were |was )?(?:skipped|rejected|refused|dropped"
                rb"|ignored|discarded|lost|left out)"
            ),
            rb"config",
            rb"yaml: ",
            rb"\.ya?ml\b",
            rb"\.toml\b",
            rb"settings",
            rb"certificate",
            rb"\burl\b",
            rb"token",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=False,
        confidence=0.74,
        rank=Rank.CAUSE,
        reason="One input is not of the form that it should have; it was rejected.",
        action="Look at the input that was rejected and at who sent it; see whether the sender changed.",
        examples=("failed to parse order: malformed JSON at offset 7",),
        near_misses=("failed to parse config /etc/cart.yaml: yaml: line 3", "parsed 40 orders"),
    ),
    Signature(
        name="data.corrupt",
        patterns=(
            rb"\bbad (?:crc|checksum|magic)",
            rb"checksum mismatch (?:on|in|for) (?:file|block|segment|page)",
            rb"data (?:is |was )?(?:corrupt(?:ed|ion)?|loss)\b",
            rb"corruption (?:detected|found|of)",
            rb"(?:corrupt(?:ed)?) (?:record|data|file|index|database|page|message|frame|archive|state)",
            rb"(?:file|index|database|table|archive|snapshot) (?:is |appears |was )?(?:to be )?corrupt",
            rb"\bdataloss\b",
        ),
        unless=(rb"\bno (?:\w{1,20} )?corruption",),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        rank=Rank.CAUSE,
        reason="Stored or received data is damaged.",
        action="Keep the damaged copy, find how far it reaches, restore from a good one; check disk and memory.",
        examples=("corruption detected in table 12 at offset 91",),
        near_misses=("no corruption found", "corrupt practices report uploaded"),
    ),
    Signature(
        name="data.row_left_out",
        patterns=(
            (
                rb"(?:skipping|skipped|discarding|discarded|ignoring|ignored|rejecting|rejected) (?:an? "
                rb"|the |one )?(?:invalid |malformed |bad |unknown |unparsable |duplicate |late "
                rb"|unexpected |corrupt )?(?:event|sample|row|record|line|message|entry|document|point"
                rb"|metric|item|packet|datagram|frame|tuple)s?\b"
            ),
            rb"expected \d{1,6} (?:fields|columns|values|elements|cells)",
            rb"missing required (?:property|field|column|attribute|element)",
            (
                rb"(?:unknown|unexpected|invalid|missing) (?:field|column|property|attribute) (?:in|for"
                rb"|of) (?:the )?(?:event|record|row|payload|message|request|document|input)"
            ),
            rb"duplicate (?:event|record|row|message|entry|document|id)\b",
        ),
        unless=(
            rb"rolled back",
            rb"not loaded",
            rb"abort(?:ed|ing)",
            rb"left (?:empty|open)",
            rb"missing from",
            rb"accepted_versions",
            rb"last_hour",
            (
                rb"\b(?:all|every|each|whole|entire) (?:\w{1,20} )?(?:batch|file|row|line|record"
                rb"|message|import|feed|event|document|partner|sender|sample)s?\b"
            ),
            rb"giving up",
            rb"since (?:the )?(?:release|deploy|update|upgrade|version|build|rollout|\d{1,2}[:.]\d\d)",
            (
                rb"\b[1-9]\d{2,6} (?:of \d{1,7} )?(?:rows|lines|records|messages|events|documents"
                rb"|orders|entries|samples) (?:were |was )?(?:skipped|rejected|refused|dropped"
                rb"|ignored|discarded|lost|left out)"
            ),
            rb"queue",
            rb"buffer",
            rb"config",
            rb"\.ya?ml",
        ),
        rank=Rank.CAUSE,
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.72,
        reason="One row or event of the input does not fit and was left out.",
        action="Look at the share that is left out; tell the sender if it grows.",
        examples=(
            "import: expected 7 columns, saw 9 in row 12",
            "ignoring malformed event from sensor 7",
        ),
        near_misses=(
            "queue is full, rejecting 512 log records",
            "configuration lists 7 columns",
        ),
    ),
    Signature(
        name="data.all_left_out",
        patterns=(
            (
                rb"\ball (?:partners|senders|suppliers|customers|tenants|devices|sources) "
                rb"(?:were |are )?(?:rejected|refused|skipped|dropped)"
            ),
            rb"\b([1-9]\d{0,8}) (?:of|/) \1 (?:rows|records|lines|messages|events|documents|items|files)\b",
            (
                rb"\ball (?:\d{1,9} )?(?:rows|records|lines|messages|events|documents|items"
                rb"|files) (?:were |are |have been )?(?:rejected|refused|skipped|dropped|invalid"
                rb"|malformed)"
            ),
            (
                rb"(?:import|load|export|feed|ingest|batch|manifest|catalogue|catalog)[^\n]{0,40}"
                rb"(?:rolled back|aborted|aborting|left empty|not loaded)[^\n]{0,80}(?:pars"
                rb"|malform|invalid|format|codec|byte|line|row|column|reject)"
            ),
            rb"(?:aborting|rolled back)[^\n]{0,80}(?:rows|records|lines) (?:rejected|invalid|malformed)",
            rb"rolled back at (?:line|row|record) \d",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.87,
        reason="Not one item but the whole input was turned away: what depends on it stands still or is empty.",
        action="Find what changed in the input or its reader; hold back what would be published without it.",
        examples=("nightly load: 900 of 900 rows rejected, wrong delimiter",),
        near_misses=(
            "1 of 900 rows rejected, wrong delimiter",
            "rolled back to version 7",
        ),
    ),
    Signature(
        name="data.file_damaged",
        patterns=(
            rb"is not a parquet file",
            rb"expected magic number",
            rb"not in gzip format",
            rb"unexpected end of archive",
            rb"zip end header not found",
            rb"end header not found",
            rb"file smaller than expected",
            rb"bad superblock",
            rb"wrong fs type",
            rb"not a valid (?:orc|avro|zip|tar|gzip|parquet|image|pdf) (?:file|archive|data)",
            rb"file is not a zip file",
            rb"crc (?:error|mismatch|check failed) in ",
            rb"fromutf8error",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="A stored file is not whole or not of its kind: what reads it stops there.",
        action="Fetch or write the file again; find what cut it off.",
        examples=("cart-2031.parquet is not a Parquet file (too small)",),
        near_misses=(
            "gzip format chosen for the archive",
            "magic number of the day: 7",
        ),
    ),
)

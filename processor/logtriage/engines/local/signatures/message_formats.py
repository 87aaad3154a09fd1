"""Message formats: JSON, XML, CSV, Avro, Protobuf, EDI and other encodings, one message at a time."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="format.one_item_left_out",
        patterns=(
            (
                rb"\b(?:row|line|record|message|event|entry|element|item|document|delivery"
                rb"|payload|segment|interchange|invoice|claim)s? ?(?:no\.? |number |line )?[\w#-]{0,20}:?"
                rb" (?:was |is |has been )?(?:skipped|rejected|refused|dropped|ignored|left"
                rb" out|discarded|quarantined)\b"
            ),
            rb"\bimport of (?:row|line|record) \d{1,9} failed",
            (
                rb"\b(?:payload|message|delivery|interchange|upload|document)\b[^\n]{0,60}"
                rb" (?:skipped|rejected|refused|dropped|ignored|quarantined)\b"
            ),
            rb"\bskipp?(?:ing|ed) (?:upload|bad|broken|unreadable|invalid|malformed)",
            rb"\b(?:row|line|record) \d{1,9}\b[^\n]{0,40}(?:is not (?:numeric|a number|a valid)|has wrong)",
            rb"\b1 (?:delivery|row|record|message|document|skipped)[^\n]{0,20}(?:ignored|skipped|rejected)?\b",
            rb"moved (?:it )?to (?:the )?(?:dead.letter|quarantine|reject)",
            rb"csr (?:refused|rejected)",
        ),
        also=(
            rb"pars",
            rb"decod",
            rb"format",
            rb"malformed",
            rb"unexpected",
            rb"expected",
            rb"invalid",
            rb"codec",
            rb"encod",
            rb"syntax",
            rb"not (?:numeric|a number|valid|well.formed)",
            rb"unknown",
            rb"structure error",
            rb"premature",
            rb"truncat",
            rb"schema",
            rb"unclosed",
            rb"missing",
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
            rb"\b(?:config|settings?|configuration)\b",
            rb"\.(?:ya?ml|toml|ini|conf)\b",
            rb"package\.json",
            rb"unrecoverable",
            rb"panicked",
            rb"\bkilled\b",
            rb"since (?:the )?(?:release|deploy|update|version)",
            rb"\b(?:all|every) (?:partner|record|message|sender|client|row|device)s?\b",
            rb"consumer (?:exception|stopped)",
            rb"traceback",
            rb"partition",
            rb"exporting failed",
            rb"certificate",
            rb"cannot process",
            rb"critical",
            rb"manifest",
            rb"connection re",
            rb"corrupt",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="One row, line or message does not fit its format; it was left out and the rest went on.",
        action="Look at the share that is left out; tell the sender if it grows.",
        examples=("line 12: skipped, CSV::MalformedCSVError: Any value after quoted field isn't allowed",),
        near_misses=(
            "row 12 written",
            "all rows skipped since the release, CSV dialect changed",
        ),
    ),
    Signature(
        name="format.text_not_of_its_form",
        patterns=(
            rb"json::parsererror",
            rb"malformedinputexception",
            rb"failed to execute statement[^\n]{0,200}unable to parse",
            rb"numberformatexception: for input string",
            rb"datetimeparseexception: text '",
            rb"could not be parsed at index \d",
            rb"invalidbytesequenceerror",
            rb"undefinedconversionerror",
            rb"invalid byte sequence in utf-8",
            rb"incompatible character encodings",
            rb"invalid date(?:error)?\b",
            rb"(?:unexpected|illegal) character[^\n]{0,40}(?:in json|code u\+)",
            rb"json: cannot unmarshal \w{1,12} into go (?:struct field|value)",
            rb"invalid character '[^\n]{1,6}' (?:looking for|after|in)",
            rb"unexpected end of json input",
            rb"json_decode\(\)",
            rb"jsonexception: (?:syntax error|malformed)",
            rb"json parse error: ",
            rb"cannot deserialize value of type",
            rb"jsonparseexception: ",
            rb"unrecognizedpropertyexception",
            rb"saxparseexception",
            rb"content is not allowed in prolog",
            rb"xml syntax error on line",
            rb"premature end of file",
            rb"malformedcsverror",
            rb"cbordecode",
            rb"msgpack\.exceptions",
            rb"stream ends in middle of message",
            rb"image: unknown format",
            rb"parsererror: error tokenizing",
            rb"not well-formed \(invalid token\)",
            rb"expected value at line \d{1,9} column",
            rb"expected `[^`\n]{1,8}`(?: or `[^`\n]{1,8}`)? at line \d",
            rb"(?:missing|unknown) (?:field|variant) `\w{1,60}`[^\n]{0,60} at line",
            rb"incorrect locale information",
            rb"parseerror: unexpected token",
            rb"structure error: tags don't match",
            rb"check constraint failed",
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
            rb"\.spec\.",
            rb"\b(?:config|settings?|configuration)\b",
            rb"\.(?:ya?ml|toml|ini|conf)\b",
            rb"package\.json",
            rb"unrecoverable",
            rb"panicked",
            rb"\bkilled\b",
            rb"since (?:the )?(?:release|deploy|update|version)",
            rb"\b(?:all|every) (?:partner|record|message|sender|client|row|device)s?\b",
            rb"consumer (?:exception|stopped)",
            rb"traceback",
            rb"partition",
            rb"exporting failed",
            rb"certificate",
            rb"cannot process",
            rb"critical",
            rb"manifest",
            rb"connection re",
            rb"corrupt",
            rb"unexpected (?:token|character) [('\"]{0,2}<",
            rb"reading setting",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.78,
        reason="A text, number or date from outside is not of the form that it should have.",
        action="Look at the input that was rejected and at who sent it; see whether the sender changed.",
        examples=('java.lang.NumberFormatException: For input string: "12 EUR"',),
        near_misses=(
            'reading setting cart.limit: java.lang.NumberFormatException: For input string: "many"',
            "SyntaxError: Unexpected token '<', \"<html>\" is not valid JSON",
        ),
    ),
    Signature(
        name="format.page_in_place_of_data",
        patterns=(
            rb"unexpected token '?<'?",
            rb"unexpected character \('<' \(code 60\)",
            rb"invalid character '<' looking for beginning of value",
            rb"expected json[^\n]{0,40}(?:got|received) (?:text/)?html",
            rb"unknown content type \[text/html",
            rb"no suitable httpmessageconverter found[^\n]{0,120}text/html",
            rb"contenttypeerror[^\n]{0,120}text/html",
        ),
        unless=(
            rb"consumer exception",
            rb"\.js:\d",
            rb"partition",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason=(
            "A peer answered with a web page where data was expected: an error page, a login page or a wrong address."
        ),
        action="Look at the peer and the address that was called; the page says what it is.",
        examples=("invalid character '<' looking for beginning of value (answer of ledger, 12 kB)",),
        near_misses=(
            "unexpected token 'x' in order 7",
            "value < 3 is looking good",
        ),
    ),
    Signature(
        name="format.writer_gives_bad_text",
        patterns=(
            rb"contains invalid utf-8 data",
            rb"string field contains invalid utf-8",
            rb"grpc: error while marshaling",
            rb"failed to serialize (?:message|response|request)",
            rb"out of range float values are not json compliant",
            rb"unsupported value: nan",
            rb"json: unsupported value",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.78,
        reason="A program of ours could not write a message, because a value that it holds is no valid text or number.",
        action="Find where the value came in and check it there; the call failed for its caller.",
        examples=("rpc failed: string field contains invalid UTF-8: shop.Cart.note",),
        near_misses=(
            "utf-8 data written",
            "serialized 12 messages",
        ),
    ),
)

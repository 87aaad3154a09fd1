"""Requests that a server refuses: a body that does not fit, a forged form, a scanner's path."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="web.request_body_refused",
        patterns=(
            rb"request method '\w{2,10}' (?:is )?not supported",
            rb"required request parameter",
            rb"required (?:request )?(?:header|body|part)[^\n]{0,60}(?:missing|not present)",
            rb"content[- ]type '[^'\n]{1,60}' (?:is )?not supported",
            rb"activerecord::recordnotfound",
            rb"actioncontroller::(?:badrequest|parametermissing)",
            rb"no static resource",
            rb"resolved \[org\.springframework\.(?:web|http|validation|beans)",
            rb"httpmessagenotreadableexception",
            rb"methodargument(?:notvalid|typemismatch)exception",
            rb"entity\.parse\.failed",
            rb"payloadtoolargeerror",
            rb"request entity too large",
            rb"uri ?error: (?:failed to decode param|uri malformed)",
            rb"the json value could not be converted to",
            rb"unprocessable ?(?:entity|content)",
            rb"422 unprocessable",
            rb"requestvalidationerror",
            rb"validationerror[^\n]{0,200}\"?status(?:code)?\"?[:=] ?\"?4\d\d",
            rb"\"?status(?:code)?\"?[:=] ?\"?4(?:00|22)\b[^\n]{0,200}validation ?(?:error|failed)",
            rb"paramsparser::parseerror|parameters::parseerror",
            rb"casterror: cast to ",
            rb"invalid query parameters",
            rb"(?:request|webhook|post) body[^\n]{0,40}(?:refused|rejected|invalid|malformed|is not)",
            rb"malformed json in (?:request|webhook) body",
            rb"failed to read the http request(?: message)?",
            rb"error decoding (?:the )?request body",
            rb"\b400 on (?:post|put|get|patch|delete) ",
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
            rb"outofmemory",
            rb"\ball (?:requests|clients)\b",
            rb"since (?:the )?(?:release|deploy)",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="A client sent a body or parameter that does not fit; it was refused and knows it.",
        action="Nothing for one; if they are many, find the client and what changed in it.",
        examples=(
            ("WARN Resolved [org.springframework.web.bind.MissingRequestHeaderException: header 'sku' is missing]"),
        ),
        near_misses=(
            "request to billing refused: status 401",
            "400 from the bank: signature of the transfer invalid",
        ),
    ),
    Signature(
        name="web.forged_form",
        patterns=(
            rb"can't verify csrf token",
            rb"invalidauthenticitytoken",
            rb"ebadcsrftoken",
            rb"invalid csrf token",
            rb"tokenmismatchexception",
            rb"csrf token mismatch",
            rb"forbidden \(csrf",
            rb"csrf (?:verification failed|cookie not set)",
            rb"required antiforgery (?:cookie|header|token)[^\n]{0,60} (?:is )?not present",
            rb"the provided anti-?forgery token was meant for",
            rb"could not verify the provided csrf token",
        ),
        unless=(
            rb"\ball (?:users|logins|sessions|requests)\b",
            rb"since (?:the )?(?:release|deploy)",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.78,
        reason="A form came without its anti-forgery token: an old tab, a robot, a lost session.",
        action="Nothing to do; a sudden rise after a release points to lost session keys.",
        examples=("Forbidden (CSRF token from POST incorrect.): /cart/pay",),
        near_misses=(
            "The antiforgery token could not be decrypted.",
            "token mismatch between shard 3 and 4",
        ),
    ),
    Signature(
        name="web.stranger_asked_nonsense",
        patterns=(
            rb"no route matches \[",
            rb"notfoundhttpexception",
            rb"methodnotallowedhttpexception",
            rb"(?:invalidmimetype|invalidparametererror|unknownhttpmethod)",
            rb"invalid %-encoding",
            rb"invalid percent-encoding",
            rb"no matching handler (?:method )?found for (?:servlet|get|post)",
            rb"nohandlerfoundexception",
            rb"noresourcefoundexception",
            rb"no mapping for (?:get|post|head|put)",
            rb"suspiciousoperation",
            rb"the requested path [^\n]{1,80} was not found on this server",
            rb"request contained a url that was not normalized|requestrejectedexception",
            rb"potential(?:ly)? (?:malicious|dangerous) (?:request|string)",
            rb"bad request - invalid (?:verb|hostname|url)",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.74,
        reason="Somebody asked for what never was there, or in a form that no client of ours uses.",
        action="Nothing to do.",
        examples=('ActionController::RoutingError (No route matches [GET] "/solr/admin")',),
        near_misses=(
            "route to 10.0.0.7 not found",
            "No handler registered for event cart.paid",
        ),
    ),
    Signature(
        name="web.scanner_by_name",
        patterns=(
            (
                rb"\b(?:zgrab|masscan|nikto|sqlmap|nuclei|nmap scripting|censysinspect|l9explore"
                rb"|leakix|internetmeasurement|expanse, a palo alto)\b"
            ),
        ),
        also=(
            rb"\b4\d\d\b",
            rb"refused",
            rb"invalid",
            rb"malformed",
            rb"not found",
            rb"denied",
            rb"reject",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.9,
        reason="A scanner that gives its name tried something and was turned away.",
        action="Nothing to do.",
        examples=("GET /setup.cgi refused with 404, agent zgrab/0.x",),
        near_misses=(
            "nikto joined the team",
            "nuclei counted: 40",
        ),
    ),
)

"""What the records of the fault tests say: 336 kinds of error and a few of everything else, with slots for ids.

``{job}`` is a word of the generation: with each generation all fingerprints are new. ``{hex}``, ``{number}`` and
``{ip}`` differ from record to record and are masked. Each slot has a fixed width, so that a text is laid out once.
"""

from __future__ import annotations

OPERATIONS = (
    "charging card for basket {number}",
    "writing settlement {hex}",
    "publishing parcel update {number}",
    "rendering statement {hex}",
    "loading price list {number}",
    "reserving seat {hex}",
    "resolving coupon {number}",
    "syncing contact {hex}",
    "uploading picture {number}",
    "scoring applicant {hex}",
    "closing ticket {number}",
    "indexing article {hex}",
    "quoting freight {number}",
    "validating passport {hex}",
    "merging ledger {number}",
    "fetching exchange rate {hex}",
    "notifying courier {number}",
    "archiving claim {hex}",
    "planning route {number}",
    "cancelling booking {hex}",
    "importing invoice {number}",
    "refreshing session {hex}",
    "booking refund {number}",
    "matching donor {hex}",
)

CAUSES = (
    "peer {ip} reset the connection after the headers",
    "no answer from {ip} within the limit of this step",
    "the lock of another worker was still there",
    "upstream {ip} said 502 with an empty page",
    "field amount is absent from the document",
    "unexpected token at offset 17 of the answer",
    "the caller's ticket had run out",
    "version 14 of the schema is not known here",
    "setting region is neither given nor guessed",
    "all slots of the pool were taken",
    "name lookup of the registry gave nothing",
    "NoneType has no attribute total",
    "the quota of this tenant is used up",
    "two rows carry the same natural key",
)

OTHERS = (
    ("INFO", "job {job}: finished step for basket {number} in 18 ms"),
    ("INFO", "job {job}: accepted request {hex} from {ip}"),
    ("DEBUG", "job {job}: cache lookup for {hex} was a hit"),
    ("INFO", "job {job}: heartbeat {number}"),
    ("WARN", "job {job}: answer for {hex} took longer than usual"),
    ("INFO", "job {job}: stored document {hex}"),
    ("WARN", "job {job}: retrying {number}, second try"),
    ("INFO", "job {job}: queue is empty after {number}"),
    ("DEBUG", "job {job}: {ip} asked for page {number}"),
)

ERRORS = tuple(
    f"job {{job}}: {operation} failed: {cause} (request {{hex}})" for operation in OPERATIONS for cause in CAUSES
)

_WORDS = (
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "haven",
    "inlet",
    "jetty",
    "knoll",
    "ledge",
    "maple",
    "north",
    "ocean",
    "pearl",
    "quilt",
    "ridge",
    "slate",
    "thorn",
    "umber",
    "vista",
    "wharf",
    "xenon",
    "yucca",
    "zebra",
    "acorn",
    "basil",
    "clove",
    "dusky",
    "elder",
    "flint",
)

GENERATIONS = len(_WORDS) ** 2


def job_word(generation: int) -> str:
    """Give the word of a generation; as wide as any other."""
    return f"{_WORDS[generation % len(_WORDS)]}-{_WORDS[generation // len(_WORDS) % len(_WORDS)]}"

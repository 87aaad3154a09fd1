"""What to do about a category when only a code, a class name or a general word is known."""

from __future__ import annotations

from typing import Final

from logtriage.schema.category import Category

ACTION_OF: Final[dict[Category, str]] = {
    Category.TRANSIENT_NETWORK: "Watch whether it repeats; if it does, look at the path and at the peer's load.",
    Category.UPSTREAM_OUTAGE: "Check the health of the dependency in the record and the way to it; tell its owner.",
    Category.CONFIG_ERROR: (
        "Compare the settings of this service with the last version that worked; correct the one named in the record."
    ),
    Category.RESOURCE_EXHAUSTION: (
        "Find which resource ran out on this host or pod, free it or raise its limit, then find what used it up."
    ),
    Category.CODE_BUG: (
        "Hand the record with its stack trace to the owner of the code; roll back if it began with a release."
    ),
    Category.DEPLOYMENT_DRIFT: (
        "Compare the deployed versions of code, schema and libraries; bring the older one up to date or roll back."
    ),
    Category.DATA_QUALITY: (
        "Find who sends the malformed input and have it corrected; check that nothing else was rejected with it."
    ),
    Category.AUTH_AUTHZ: (
        "Check the credential and the permissions of the caller named in the record; renew or grant them."
    ),
    Category.NOISE: "Nothing to do.",
}

UNKNOWN_ACTION: Final = (
    "Read the record: nothing in it is known. Look at what the service did before it and who is affected."
)

"""The mask table: which spans of a text vary without meaning.

Only what is provably an identifier, a time, an address or a measured quantity is masked. What carries meaning
(statuses, errno, SQLSTATE, exit codes, the last of n attempts) is named in entries that *keep* their span, placed
before the masks that would take it. ``tests/unit/mask_examples.py`` has the examples and near-misses of every entry.

Rules: a pattern is bytes, bounded repeats only, no nested quantifier, so that hostile text costs no more than other
text. It reaches over a blank only between words that it names. Any change changes fingerprints: bump `MASKS_VERSION`.
"""

from __future__ import annotations

from logtriage.verdicts.mask_codes import CODES, VENDOR_CODES
from logtriage.verdicts.mask_entry import Mask
from logtriage.verdicts.mask_identifiers import IDENTIFIERS, NUMBERED
from logtriage.verdicts.mask_measures import MEASURES
from logtriage.verdicts.mask_prefixes import PREFIXES
from logtriage.verdicts.mask_shapes import SHAPES

MASKS_VERSION = 2

MASKS: tuple[Mask, ...] = (*SHAPES, *CODES, *PREFIXES, *MEASURES, *IDENTIFIERS, *VENDOR_CODES, *NUMBERED)
"""In this order: of two entries that match at one place the first wins."""

"""Values behind keys: what names one thing goes, what measures goes but for zero, what decides stays."""

from __future__ import annotations

import pytest

from logtriage.verdicts.keyed import key_of
from logtriage.verdicts.masks import mask


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"user":"ann","msg":"lost"}', '{"user":"<value>","msg":"lost"}'),
        ('{"user_id" : 4411}', '{"user_id" : <id>}'),
        ('{"user":"","user_id":null}', '{"user":"","user_id":null}'),
        ('{"conn":{"id":44,"remote":"10.1.7.9:41022"}}', '{"conn":{"id":<id>,"remote":"<ip>:<port>"}}'),
        ('{"took_ms":830,"bytes":0}', '{"took_ms":<n>,"bytes":0}'),
        ('{"durationMs":0.83}', '{"durationMs":<n>}'),
        ('{"code":50013,"n":50013}', '{"code":50013,"n":<int>}'),
        ('{"error_code":"A1B2C3D4E5"}', '{"error_code":"A1B2C3D4E5"}'),
        ('{"reason":"no row for id 7"}', '{"reason":"no row for id <id>"}'),
        ('{"log":"{\\"user\\":\\"ann\\",\\"n\\":1}"}', '{"log":"{\\"user\\":\\"<value>\\",\\"n\\":1}"}'),
        ('level=error user="ann lee" msg="lost"', 'level=error user="<value>" msg="lost"'),
        ('{"order":4411,"item":"apple"}', '{"order":<id>,"item":"apple"}'),
        ('{"peer":"ledger","status":503}', '{"peer":"ledger","status":503}'),
        ('tenant "north" is over', 'tenant "<value>" is over'),
        ('no bucket named \\"scans\\" here', 'no bucket named \\"<value>\\" here'),
        ('topic "no such thing" again', 'topic "no such thing" again'),
        ('say "user" and "more"', 'say "user" and "more"'),
    ],
)
def test_a_value_is_read_by_its_key(text: str, wanted: str) -> None:
    assert mask(text.encode()).decode() == wanted


@pytest.mark.parametrize("name", [b"status_id", b"type", b"", b"note", b"x" * 5000, b"host", b"peer", b"event_id"])
def test_other_keys_name_no_single_thing(name: bytes) -> None:
    key = key_of(name)
    assert key is None or key.kind.value == "code"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ('{"msg":"refused","retryable":true}', '{"msg":"refused","retryable":false}'),
        ('{"errno":28}', '{"errno":13}'),
        ('{"code":11000}', '{"code":11600}'),
        ('{"user":"ann"}', '{"user":null}'),
        ('{"bytes":0}', '{"bytes":17}'),
    ],
)
def test_what_decides_stays_apart(a: str, b: str) -> None:
    assert mask(a.encode()) != mask(b.encode())

"""Say what the answers cost that a run with a recording had to ask for."""

from __future__ import annotations

from collections.abc import Iterable

from logtriage.config.mimo import MimoSettings
from logtriage.config.mimo_facts import SELLERS
from logtriage.engines.mimo.facts import cost_usd
from logtriage.engines.mimo.reading import Answer, MalformedAnswerError, read_answer
from logtriage.engines.mimo.recording import RecordedAnswer


def cost_of(answers: Iterable[RecordedAnswer], settings: MimoSettings) -> float:
    """Add up the answers whose usage is told; US dollars."""
    price = settings.token_price
    if price is None:
        return 0.0
    total = 0.0
    for answer in answers:
        read = _read(answer, settings)
        if read is not None:
            total += cost_usd(
                price,
                input_tokens=read.input_tokens or 0,
                cached_tokens=read.cached_tokens,
                output_tokens=read.output_tokens or 0,
            )
    return total


def _read(answer: RecordedAnswer, settings: MimoSettings) -> Answer | None:
    if answer.status != 200:
        return None
    try:
        read = read_answer(answer.body, SELLERS[settings.seller])
    except MalformedAnswerError:
        return None
    return read if isinstance(read, Answer) else None

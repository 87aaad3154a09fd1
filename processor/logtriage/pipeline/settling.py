"""What came of forwarding one call, made into one answer: the rest is stored, what was refused is sent as received."""

from __future__ import annotations

import time
from collections.abc import Sequence

from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError, place_of
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.call import Call
from logtriage.pipeline.cleaning import Cleaner
from logtriage.pipeline.commitment import Commitment, hash_of_nothing
from logtriage.pipeline.forwarder import MAX_MESSAGE_BYTES, Forwarded, Forwarder, joined
from logtriage.pipeline.held import Leaving, NewRow, Origin, row_of_rest
from logtriage.pipeline.holding import Holding
from logtriage.pipeline.leaving import Untriaged
from logtriage.pipeline.outcome import Outcome
from logtriage.pipeline.tally import count_into
from logtriage.pipeline.wire import parse_request, response_bytes
from logtriage.schema.provenance import Reason
from logtriage.schema.transit import Answer
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices


class Settling:
    """Settles calls. Belongs to one event loop. Without ``holding`` nothing is stored."""

    def __init__(
        self,
        *,
        annotator: Annotator,
        forwarder: Forwarder,
        cleaner: Cleaner,
        holding: Holding | None,
        meter: Meter,
        source_services: SourceServices,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._annotator = annotator
        self._forwarder = forwarder
        self._cleaner = cleaner
        self._holding = holding
        self._meter = meter
        self._source_services = source_services
        self._log = rate_limited_log

    async def settle(self, call: Call, forwarded: Forwarded, commitment: Commitment | None = None) -> Answer:
        """Make one answer of what came of the parts, and see to what was not accepted.

        Raises:
            RetryableDeliveryError: the sender should keep the request and send it again.
            PermanentDeliveryError: downstream refuses the records as they were received.
        """
        try:
            outcome = await self._outcome_of(call, forwarded)
            if outcome.error is not None and not (
                outcome.accepted and await self._store_rest(call, outcome.rest, outcome.rest_records)
            ):
                raise outcome.error
            if outcome.refusal is not None and not (outcome.accepted or call.has_stored):
                raise outcome.refusal
        except Exception:
            if commitment is not None:
                await commitment.discard()
            raise
        if commitment is not None and (unsafe := await commitment.keep()):
            try:
                await self._forward_unsafe(call, unsafe, forwarded, outcome)
                if outcome.refusal is not None and not (outcome.accepted or commitment.has_stored):
                    raise outcome.refusal
            except Exception:
                commitment.ended(False)
                raise
        if not forwarded.refused or outcome.accepted_annotated:
            count_into(self._meter, call.tally, self._source_services)
        response = forwarded.response
        if outcome.refusal is not None:
            message = str(outcome.refusal)[:MAX_MESSAGE_BYTES].encode("utf-8", "ignore")
            response = joined(response, response_bytes(outcome.rejected, message))
        return Answer(response, call.records, commitment.ended if commitment is not None else None)

    async def without_waiting(self, call: Call, payload: bytes) -> bytes:
        """Annotate records that were to wait and found no room."""
        request = parse_request(payload)
        _, tally = await self._annotator.annotate(
            request, payload, tenant=call.tenant, metadata=call.metadata, leaving=Leaving(Reason.NO_ROOM)
        )
        call.tally.add(tally)
        return request.SerializeToString()

    async def _outcome_of(self, call: Call, forwarded: Forwarded) -> Outcome:
        """Send once more as received what was refused for good; add all up."""
        outcome = Outcome(accepted=forwarded.accepted, accepted_annotated=forwarded.accepted)
        for refused in forwarded.refused:
            if not call.has_changed:
                outcome.refuse(refused.error, refused.records)
                continue
            self._log.warning(
                "refused_annotated",
                "downstream refuses a request that was annotated: it is sent once more as received",
                code=refused.error.code,
            )
            received = call.as_received(refused.first, refused.records)
            try:
                again = await self._send_as_received(call, received, refused.records)
                forwarded.response = joined(forwarded.response, again)
                outcome.accepted += refused.records
            except PermanentDeliveryError as error:
                outcome.refuse(error, refused.records)
            except RetryableDeliveryError as error:
                outcome.keep_back(error, received, refused.records)
        if forwarded.error is not None:
            records = sum(part.records for part in forwarded.rest)
            rest = call.as_received(forwarded.accepted + forwarded.refused_records, records)
            outcome.keep_back(forwarded.error, rest, records)
        return outcome

    async def _store_rest(self, call: Call, rest: list[bytes], records: int) -> bool:
        """Store what downstream did not take of a request of which it took a part; tell whether it is safe."""
        if self._holding is None:
            return False
        origin = Origin(call.metadata, call.tenant, call.received_unix_nano, time.time_ns(), hash_of_nothing())
        row = row_of_rest(
            b"".join(rest),
            records,
            origin,
            reason=Reason.NO_ROOM if call.left_over else call.why_not_wait,
            is_counted=not call.is_untriaged,
        )
        commitment = Commitment(
            self._holding,
            [row],
            request_hash=origin.request_hash,
            deadline=time.monotonic(),
            meter=self._meter,
            rate_limited_log=self._log,
        )
        try:
            is_stored = bool(await commitment.put())
        except Exception as error:
            self._meter.add(metrics.HOLD_FAULTS)
            self._log.error("rest", "the rest of a request could not be stored", error=place_of(error))
            is_stored = False
        if not is_stored:
            await commitment.discard()
            return False
        is_safe = not await commitment.keep()
        commitment.ended(True)
        return is_safe

    async def _forward_unsafe(self, call: Call, rows: Sequence[NewRow], forwarded: Forwarded, outcome: Outcome) -> None:
        """Deliver now what the spool could not keep; as received, where it is refused as annotated."""
        for new in rows:
            records, payload = new.row.records, new.row.payload
            try:
                response = await self._send_annotated_or_received(call, payload, records)
            except PermanentDeliveryError as error:
                outcome.refuse(error, records)
                continue
            forwarded.response = joined(forwarded.response, response)
            outcome.accepted += records

    async def _send_annotated_or_received(self, call: Call, payload: bytes, records: int) -> bytes:
        try:
            outgoing = await self.without_waiting(call, payload)
            return await self._forwarder.forward(outgoing, records, metadata=call.metadata, deadline=call.deadline)
        except RetryableDeliveryError:
            raise
        except PermanentDeliveryError:
            return await self._send_as_received(call, payload, records)
        except Exception as error:
            self._log.error(
                "exception", "records could not be triaged: they are forwarded as received", error=place_of(error)
            )
            return await self._send_as_received(call, payload, records, reason="exception")

    async def _send_as_received(
        self, call: Call, payload: bytes, records: int, *, reason: Untriaged = "refused_annotated"
    ) -> bytes:
        data = await self._cleaner.cleaned(payload)
        response = await self._forwarder.forward(data, records, metadata=call.metadata, deadline=call.deadline)
        self._meter.add(metrics.UNTRIAGED_LOG_RECORDS, records, reason=reason)
        return response

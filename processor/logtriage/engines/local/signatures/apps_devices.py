"""Devices of a house, cameras, private networks and telephones: what their programs print day by day."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="home.integration_lost_touch",
        patterns=(
            rb"unable to (?:reach|connect|contact|communicate)",
            rb"could not (?:read|get|fetch|reach|update|connect)",
            rb"error fetching ",
            rb"communication error",
            rb"connection (?:lost|closed|timed out|refused|reset)",
            rb"update (?:for|of) [^\n]{1,80} fail",
            rb"read timed out",
            rb"cannot connect to host",
            rb"\]:? timeout ",
            rb"disconnected from mqtt",
        ),
        also=(rb"\[(?:homeassistant|custom_components)\.[\w.]{1,80}\]",),
        unless=(
            rb"traceback",
            rb"recorder",
            rb"invalid|unauthori[sz]ed|credential|password|login|forbidden",
            rb"database",
            rb"config(?!_entries)",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="An integration of a house did not reach its device or its service this time; it asks again.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("ERROR (MainThread) [homeassistant.components.nanoleaf] Unable to reach panel at the stairs",),
        near_misses=(
            "ERROR [homeassistant.components.recorder] Could not update the database file",
            "[garage.components] Unable to reach panel at the stairs",
        ),
    ),
    Signature(
        name="home.mesh_remark",
        patterns=(
            rb"failed to execute (?:lqi|routing table)",
            rb"failed to (?:configure|interview|bind) [\'\"]0x[0-9a-f]{4,16}",
            rb"failed to (?:configure|interview) [\'\"][^\'\"\n]{1,60}[\'\"], attempt",
            rb"failed to read state of [^\n]{1,80} after reconnect",
            rb"failed to deliver (?:packet|message)",
            rb"the node (?:did not respond|is presumed dead|is dead)",
            rb"failed to send request: message send failure",
            rb"watchdog heartbeat timeout",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.88,
        reason="A node of the radio mesh gave no answer to a question of the scan or the set-up; it is asked again.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("Failed to execute LQI for 'cellar plug'",),
        near_misses=(
            "Failed to execute the nightly job 'cellar'",
            "LQI of 'cellar plug' is 120",
        ),
    ),
    Signature(
        name="home.mesh_speaks_unknown",
        patterns=(
            rb"no converter available for ",
            rb"received message from unsupported device",
            rb"dropping message (?:with invalid payload|because)[^\n]{0,80}(?:node|cc|zwave)",
            rb"took a long time for an operation \(",
            rb"components should block for at most",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="A device sent something that the bridge has no converter for, or that it leaves out.",
        action="Nothing to do.",
        examples=("[W][component:237]: Component wifi took a long time for an operation (67 ms).",),
        near_misses=(
            "the operation took a long time and failed",
            "no converter for the currency",
        ),
    ),
    Signature(
        name="home.adapter_gone",
        patterns=(
            rb"adapter disconnected, stopping",
            rb"failed to start zig(?:bee2mqtt|bee-herdsman|bee)\b",
            rb"error while starting zigbee-herdsman",
            rb"srsp - sys - (?:ping|version) after",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.9,
        reason="The radio adapter of the house does not answer: no device can be reached.",
        action="See that the adapter is plugged in, named by its lasting path and used by one program; start again.",
        examples=("z2m: Adapter disconnected, stopping",),
        near_misses=(
            "adapter connected",
            "the herdsman started",
        ),
    ),
    Signature(
        name="camera.stream_interrupted",
        patterns=(
            rb"unable to read frames from ffmpeg process",
            rb"ffmpeg process is not running\. exiting capture thread",
            rb"ffmpeg process crashed unexpectedly for",
            rb"no (?:new )?frames (?:have been )?received",
            rb"no new recording segments were created for",
            rb"non-existing pps \d",
            rb"error while decoding mb \d",
            rb"rtp: (?:pt=|missed \d)",
            rb"cseq \d{1,6} expected",
            rb"\[h264 @ 0x[0-9a-f]{1,16}\] ",
            rb"streams/producer\.go:\d{1,5} ",
        ),
        unless=(
            rb"401 unauthori[sz]ed",
            rb"no such file",
            rb"invalid",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.87,
        reason="The stream of one camera broke off; the recorder starts its reader again.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("gate_cam: Unable to read frames from ffmpeg process.",),
        near_misses=(
            "ffmpeg: command not found",
            "frames of the window were drawn",
        ),
    ),
    Signature(
        name="vpn.relay_changing",
        patterns=(
            rb"failed to send handshake initiation",
            rb"not connected to home derp region",
            rb"no-derp-(?:connection|home)\): error",
            rb"could not connect to (?:the (?:[^\n]{1,60} )?)?(?:any )?relay server",
            rb"magicsock: [^\n]{1,160}(?:timeout|failed|error)",
            rb"derphttp\.client\.\w{1,12}[^\n]{0,120}(?:timeout|failed|error|eof)",
            rb"netcheck: [^\n]{0,120}(?:failed|timeout|no usable)",
            rb"handshake (?:for peer \d{1,6} )?[^\n]{0,80}did not complete after \d",
        ),
        unless=(
            rb"giving up",
            rb"key (?:has )?expired",
            rb"not authori[sz]ed",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="A private network looks for another way to a peer or a relay; it tries again by itself.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=('health("overall"): error: not connected to home DERP region 4',),
        near_misses=(
            "relay 4 of the pump is stuck",
            "handshake initiation received",
        ),
    ),
    Signature(
        name="phone.system_remark",
        patterns=(
            rb"skipped \d{1,6} frames!",
            rb"davey! duration=",
            rb"eglnativewindowtype ",
            rb"egl_swap_behavior_preserved",
            rb"unable to match the desired swap behavior",
            rb"accessing hidden (?:method|field)",
            rb"access denied finding property",
            rb"called unimplemented opengl es api",
            rb"suspending all threads took",
            rb"background (?:young |sticky |partial )?concurrent [^\n]{0,40}gc freed",
            (
                rb"[weid]/(?:egl_emulation|hostconnection|gralloc\d?|openglrenderer|libegl|adreno|zygote"
                rb"|hwui|bufferqueueproducer|inputmethodmanager|surfaceutils|goldfish-address-space|eglcodeccommon"
                rb"|mali_gralloc|chimera\w{0,20})\b"
            ),
        ),
        unless=(
            rb"fatal",
            rb"androidruntime",
            rb"signal \d{1,2} \(sig",
            rb"out of memory",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.87,
        reason="A remark of a telephone's system on drawing or memory.",
        action="Nothing to do.",
        examples=("I/Choreographer( 811): Skipped 41 frames! doing much on the first thread",),
        near_misses=(
            "E/AndroidRuntime: FATAL EXCEPTION: main",
            "skipped 12 rows of the file",
        ),
    ),
)

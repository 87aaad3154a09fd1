"""Hosts, container engines and registries: what systemd, udev, the kernel and the engines remark."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="systemd.ignoring",
        patterns=(
            rb"systemd(?:-[a-z]{1,16})?\[\d{1,8}\]: [^\n]{1,240}, ignoring(?:: |\.|$)",
            rb"(?:detaching|attaching) (?:egress|ingress) bpf program (?:from|to) cgroup[^\n]{0,160}failed",
            rb"failed to add device '[^'\n]{1,60}' to watch: no such",
            rb"failed to attach to cgroup [^\n]{1,160}: device or resource busy",
            rb"failed to get link config: no such device",
            rb"could not generate persistent mac(?: address)?",
            rb"systemd-journald\[\d{1,8}\]: suppressed \d{1,9} messages",
            rb"\.mount: (?:succeeded|deactivated successfully)",
            rb"(?:received|processing) sigchld|\bsupervising process \d{1,8} which is not our child",
            rb"unit [^\n ]{1,80} is (?:not )?bound to inactive unit",
            rb"invalid user/group name or numeric id, ignoring|is marked (?:world-inaccessible|executable)\.",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.9,
        reason="The service manager could not set something it can do without, and says that it ignores it.",
        action="Nothing to do.",
        examples=(
            "systemd[1]: Detaching egress BPF program from cgroup failed: Invalid argument",
            "systemd-udevd[311]: sdz: Failed to add device '/dev/sdz' to watch: No such file or directory",
        ),
        near_misses=(
            "systemd[1]: Failed to attach to cgroup: Read-only file system",
            "importer: ignoring row 5",
        ),
    ),
    Signature(
        name="kernel.remark",
        patterns=(
            rb"port \d{1,3}\([^)\n]{1,20}\) entered (?:disabled|blocking|forwarding|learning) state",
            rb"(?:entered|left) promiscuous mode",
            rb"\brenamed from veth",
            rb"addrconf\(netdev_(?:up|change)\)",
            rb"acpi (?:bios )?(?:error|warning|exception)",
            rb"\[firmware (?:bug|warn|info)\]",
            rb"perf: interrupt took too long",
            rb"overlayfs: [^\n]{0,80}(?:falling back|fs does not support)",
            rb"kauditd_printk_skb: \d{1,9} callbacks suppressed",
            rb"net_ratelimit: \d{1,9} callbacks suppressed",
            rb"device descriptor read/\d{1,3}, error -\d{1,3}",
            (
                rb"networkmanager\[\d{1,8}\]: <warn> [^\n]{0,60}(?:failed to find device \d|sup-iface"
                rb"|couldn.t (?:get|determine)|error setting ipv4 forwarding)"
            ),
            rb"platform: no ptp|\bclocksource: timekeeping watchdog",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.88,
        reason=(
            "The kernel or the network manager tells of an interface, a table of the firmware or its own measuring."
        ),
        action="Nothing to do.",
        examples=(
            "docker0: port 7(veth9c) entered disabled state",
            "ACPI Error: Method parse/execution failed",
        ),
        near_misses=(
            "port 443 (https) entered the list",
            "a renamed file from the vendor",
        ),
    ),
    Signature(
        name="container.remark",
        patterns=(
            rb"\bcontainer event discarded\b",
            rb"unable to parse [^\n]{1,40} as a uint from cgroup file",
            rb"not continuing with pull after error: context canceled",
            rb"skip(?:ping)? (?:the )?loading (?:of )?plugin",
            rb"your kernel does not support (?:swap|cgroup)",
            rb"bridge-nf-call-ip6?tables is disabled",
            rb"failed to load cni during init",
            rb"unable to save [0-9a-f:]{1,80} ?starttime",
            rb'found a container with the "k8s" prefix, but too few fields',
            rb"failed to close (?:container )?stdin[^\n]{0,80}not found",
            rb"error authorizing context: authorization token required",
            rb'err\.code="?(?:manifest|name|tag|blob) unknown',
            (
                rb'level=warning msg="(?:unknown file|the ".{1,40}" (?:option'
                rb"|variable) is )?[^\n]{0,60}(?:attribute `version` is obsolete"
                rb"|variable is not set\. defaulting to a blank string)"
            ),
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.93,
        reason="The container engine remarks an old setting, a missing extra, or an event nobody waited for.",
        action="Nothing to do.",
        examples=(
            ('containerd[9]: level=warning msg="container event discarded" container=77 type=CONTAINER_STOPPED_EVENT'),
            'level=error msg="response completed with error" err.code="manifest unknown"',
        ),
        near_misses=(
            "the discarded event was an order",
            "error authorizing context: token has expired",
            'err.code="manifest blob unknown"',
        ),
    ),
    Signature(
        name="registry.layer_missing",
        patterns=(rb"manifest blob unknown",),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.94,
        reason=(
            "A client pushed a manifest whose layers the registry does not hold; the client has to push them first."
        ),
        action="Nothing for one push; if it repeats, push again without the cache of the builder.",
        examples=(
            (
                'level=error msg="response completed with error" err.code="manifest blob unknown" '
                "http.response.status=400"
            ),
        ),
        near_misses=(
            "manifest of the ship unknown",
            'err.code="manifest unknown"',
        ),
    ),
    Signature(
        name="bird.not_configured_yet",
        patterns=(rb"bird\d?: unable to open configuration file",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.95,
        reason="The routing daemon starts before its configuration is written, and is started again.",
        action="Nothing to do.",
        examples=("bird: Unable to open configuration file /etc/bird9.cfg: No such file or directory",),
        near_misses=(
            "bird: Started",
            "unable to open configuration file /etc/bird9.cfg",
        ),
    ),
    Signature(
        name="address.badly_written",
        patterns=(
            rb"too many colons in address",
            rb"missing port in address",
            rb"first path segment in url cannot contain colon",
            rb"unsupported protocol scheme",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.93,
        reason="An address in the settings is written so that it cannot be dialled.",
        action="Read the address in the record; mend it where it is set: host, one colon, port.",
        examples=("dial tcp: address cache:1:2:3: too many colons in address",),
        near_misses=(
            "missing colon in line 4 of cart.yaml",
            "the address has no colon left",
        ),
    ),
    Signature(
        name="cloudinit.waits_for_metadata",
        patterns=(
            rb"calling 'https?://[^'\n]{1,160}' failed \[\d{1,4}/\d{1,4}s\]",
            rb"error watching metadata",
            rb"connection closed for a valid reason",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason=(
            "The machine asks the metadata service of its cloud, which does not answer yet; it asks "
            "again for two minutes."
        ),
        action="Nothing at a start; else check the route to the metadata service.",
        examples=("url_helper.py[WARNING]: Calling 'http://169.254.169.254/x' failed [3/120s]: request error",),
        near_misses=(
            "cloud-init finished",
            "Calling 'http://pay.example/x' failed",
        ),
    ),
    Signature(
        name="host.agent_remark",
        patterns=(
            rb"unable to write (?:pod|container|image) event: ",
            rb"no files matching import glob pattern",
            rb"error removing (?:pure-)?iptables proxy rule",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.93,
        reason="A tool could not write down an event of its own, or found no optional file to read.",
        action="Nothing to do.",
        examples=("[WARNING] No files matching import glob pattern: /srv/zones/*.extra",),
        near_misses=(
            "pod event written",
            "no file matches the pattern of the import",
        ),
    ),
    Signature(
        name="host.tunnel_reconnects",
        patterns=(
            rb"error in remotedialer server \[\d{3}\]: [^\n]{0,160}(?:i/o timeout|eof|reset by peer)",
            (
                rb"auth\.handler: error authenticating: [^\n]{0,300}(?:connection refused|reset by peer"
                rb"|i/o timeout|deadline exceeded)[^\n]{0,40}backoff="
            ),
            rb"imds error in /metadata/instance",
            rb"error fetching (?:the )?goal state",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.93,
        reason=(
            "A tunnel, a login with back-off or a question to the metadata service failed once; it is tried again."
        ),
        action="Nothing for one; look at the other end if it goes on.",
        examples=('level=info msg="error in remotedialer server [400]: read tcp 10.3.0.1:6443: i/o timeout"',),
        near_misses=(
            "remotedialer connected",
            "error authenticating: permission denied backoff=2s",
        ),
    ),
)

"""Strangers and remote parties at a public door: refused or gone, while many others are served."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="vpn.stranger",
        patterns=(
            rb"bad encapsulated packet length from peer",
            rb"cannot locate hmac in incoming packet",
            rb"incoming packet authentication failed from",
            rb"packet hmac authentication failed",
            rb"authenticate/decrypt packet error: (?:bad packet id|packet hmac|cipher final)",
            rb"non-openvpn client protocol",
            rb"tls: initial packet from [^\n]{1,80} is not",
            (
                rb"\d\.\d{1,3}:\d{1,5} tls error: (?:tls (?:handshake failed|key negotiation failed)|unroutable"
                rb"|local/remote|unknown opcode)"
            ),
            rb"\d\.\d{1,3}:\d{1,5} (?:write udp|connection reset, restarting|sigusr1\[soft,)",
            rb"(?:received unsupported ike version|no ike config found for)",
            rb"invalid handshake initiation from",
            rb"handshake for peer \d{1,6} \([^)\n]{1,60}\) did not complete",
            rb"received packet from unknown peer",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="A packet from outside that is no part of a tunnel of ours, or came twice; it was dropped.",
        action="Nothing to do.",
        examples=("203.0.113.9:40122 TLS Error: TLS handshake failed",),
        near_misses=(
            "TLS Error: TLS key negotiation failed to occur, check your network connectivity",
            "Cannot open TUN/TAP dev /dev/net/tun: no such device",
        ),
    ),
    Signature(
        name="ssh.stranger",
        patterns=(
            rb"ssh_dispatch_run_fatal: connection from ",
            (
                rb"(?:connection (?:closed|reset|corrupted|timed out)|bad packet length|protocol error|message"
                rb" authentication code incorrect|padding error|no matching (?:cipher|host key type|key"
                rb" exchange|mac)|timeout before|disconnect(?:ed|ing)?)[^\n]{0,140}\[preauth\]"
            ),
            rb"timeout before authentication for",
            rb"client sent invalid protocol identifier",
            rb"dispatch_protocol_error: ",
            rb"exit before auth",
            rb"not in pubkeyaccepted(?:algorithms|keytypes)",
            (
                rb"ssh: handshake failed: (?:eof|read tcp|ssh: (?:disconnect|overflow|invalid packet|no common"
                rb" algorithm|no auth))"
            ),
            rb"bad remote protocol version identification",
            rb"error: beginning maxstartups throttling",
            rb"drop connection #\d{1,5} from ",
        ),
        unless=(rb"host key verification",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="Somebody outside spoke to the SSH port and did not log in.",
        action="Nothing to do.",
        examples=("sshd[88]: fatal: Timeout before authentication for 203.0.113.7 port 4012",),
        near_misses=(
            "sshd[88]: error: Could not load host key: /etc/ssh/ssh_host_ed25519_key",
            "sshd[88]: fatal: Missing privilege separation directory: /run/sshd",
        ),
    ),
    Signature(
        name="mail.stranger",
        patterns=(
            rb"non-smtp command from ",
            rb"improper command pipelining after",
            rb"too many errors after \w{3,12}",
            rb"timeout after \w{3,14}(?: \([^)\n]{1,30}\))? from ",
            rb"hostname [^\n]{1,120} does not resolve to address",
            rb"illegal address syntax from",
            (
                rb"(?:imap|pop3|submission|managesieve)-login: (?:disconnected|aborted login|error: ssl|login"
                rb" aborted|info: disconnected)"
            ),
            rb"smtp protocol (?:synchroni[sz]ation )?(?:error|violation)",
            rb"unexpected disconnection while reading smtp command",
            rb"no host name found for ip address",
            rb"tls error on connection from ",
            rb"rejected (?:helo|ehlo|rcpt|mail) ",
            rb"relay access denied",
            rb"postscreen\[\d{1,9}\]: (?:pregreet|hangup|command|dnsbl)",
            rb"(?:smtpd|postfix)[^\n]{0,60}tls library problem",
            (
                rb"opendkim\[\d{1,9}\]: [^\n]{1,60}(?:no signature data|bad signature|key retrieval failed"
                rb"|can.t determine message sender)"
            ),
            rb"sender address rejected",
            rb"recipient address rejected: (?:user unknown|undeliverable)",
        ),
        unless=(
            rb"master\[",
            rb"maximum number of connections",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="A mail client outside went away or broke the protocol, and was refused.",
        action="Nothing to do.",
        examples=("postfix/smtpd[90]: warning: non-SMTP command from scan.invalid[203.0.113.4]: GET / HTTP/1.1",),
        near_misses=(
            "postfix/master[3]: fatal: bind 0.0.0.0 port 25: address is in use",
            "postfix/smtp[9]: status=deferred (connect to mx.invalid: no route)",
        ),
    ),
    Signature(
        name="door.login_refused",
        patterns=(
            rb"\[[\da-f.:]{3,45}\]: sasl [\w-]{3,16} authentication (?:failed|failure)",
            rb"authenticator failed for ",
            rb"(?:auth failed|authentication failure), \d{1,4} attempts",
            rb"login attempt or request with invalid authentication from",
            rb"registration from [^\n]{1,120} failed for ",
            rb"login failed: [^\n]{0,80}\(?remote ip",
            rb"username or password is incorrect\. try again\. ip",
            rb"authentication request for [^\n]{0,80} has been denied",
            rb"failed authentication attempt for [^\n]{1,80} from",
            (
                rb"(?:passwd-file|pam|sql|ldap|static)\([^)\n]{1,120}\): (?:unknown user|password mismatch"
                rb"|pam_authenticate\(\) failed)"
            ),
            rb"no such user found from ",
            rb"fail login: client",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.INFO,
        is_actionable=False,
        confidence=0.84,
        reason="Somebody outside tried a name and a password and was refused.",
        action="Nothing to do for a single one; see that a ban of repeated tries is in force.",
        examples=("dovecot: auth: passwd-file(eve,203.0.113.8): unknown user",),
        near_misses=(
            "Cannot log in to the relay: authentication failed for user shop",
            "kafka: SASL authentication failed for principal orders",
        ),
    ),
    Signature(
        name="door.credentials_wrong",
        patterns=(
            rb"credentials are wrong for user",
            rb"invalid (?:totp|otp|2fa|mfa|captcha|verification|one-time) (?:code|token|password)",
            (
                rb"(?:wrong|incorrect|invalid|bad) (?:user ?name or password|user(?:name)?/password|password"
                rb"|login|credentials)"
            ),
            rb"password (?:mismatch|does not match|is incorrect|verification failed)",
            rb"(?:unknown|no such) user(?:name)?\b",
            rb"user(?:name)? [^\n]{0,60}(?:does not exist|not found)",
        ),
        also=(
            rb"remote_?(?:ip|addr)",
            rb"\b(?:client|source|user)?[_ ]?ip(?: address)?[\"\']?[:=]",
            rb"\bfrom (?:ip )?\d{1,3}\.\d{1,3}\.",
            rb"path=\S{0,20}/(?:api/)?(?:login|signin|auth|firstfactor|secondfactor|session)",
            rb"rhost=",
        ),
        unless=(rb"database|\bsql|\bdb\b|ldap bind|service account|upstream|broker|smtp|relay|exiting|fatal",),
        rank=Rank.CAUSE,
        category=Category.AUTH_AUTHZ,
        severity=Severity.INFO,
        is_actionable=False,
        confidence=0.8,
        reason="A person gave a wrong name, password or code at a login page.",
        action="Nothing to do for a single one; see that repeated tries are slowed down.",
        examples=('level=error msg="invalid OTP code" remote_ip=203.0.113.9 path=/api/secondfactor',),
        near_misses=(
            'level=error msg="database: wrong password for user cart"',
            "user eve logged in from ip=203.0.113.9",
        ),
    ),
    Signature(
        name="door.peer_broke_off",
        patterns=(
            (
                rb"\"msg\":\"handling connection\"[^\n]{0,160}\"error\":\"(?:[^\"\n]{0,80})?(?:eof|reset|broken"
                rb" pipe|timeout|closed)"
            ),
            rb"tls detection timed out",
            rb"no certificate available for \'",
            rb"no certificate matching tls client hello",
            rb"proxy ?protocol[^\n]{0,60}(?:eof|no proxy|signature|missing|invalid|not present|read header)",
            rb"failed to read (?:client )?(?:hello|preface|handshake)[^\n]{0,60}(?:eof|reset|timeout)",
            rb"(?:peer|client) (?:did not|didn.t) (?:send|finish|complete)",
            (
                rb"error (?:handling|accepting|serving) connection from [^\n]{1,80}: (?:eof|[^\n]{0,60}(?:reset"
                rb"|broken pipe|closed|timeout))"
            ),
            (
                rb"(?:malformed|bad|invalid|unexpected) (?:packet|frame|handshake|login|hello"
                rb"|message) from (?:client |peer |player |unknown |address )?\[?/?[\da-f.:]{4,45}"
            ),
            rb"unknown (?:packet|protocol|message) (?:type )?from (?:client |peer )?\[?/?[\da-f.:]{4,45}",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A remote party went away or broke the protocol at a port that serves many.",
        action="Nothing to do.",
        examples=("ERROR net: malformed packet from client 203.0.113.5:40122",),
        near_misses=(
            "ERROR net: malformed packet in stream orders",
            "handling connection failed: no space left on device",
        ),
    ),
    Signature(
        name="door.federated_server_away",
        patterns=(
            rb"federation_transaction_transmission_loop",
            rb"matrix://[^\n]{1,200}(?:failed|refused|timeout|timed out|error|reset)",
            rb"not sending response to request [^\n]{1,260}disconnected",
            rb"activitypub[^\n]{0,120}(?:failed|refused|timeout|timed out|\b50\d\b|\b40\d\b|unreachable)",
            (
                rb"(?:deliveryworker|federation)[^\n]{0,80}(?:http::timeouterror|unexpectedresponseerror"
                rb"|connectionerror|timed out|certificate)"
            ),
            rb"failed to (?:deliver|send) (?:activity|transaction) to ",
        ),
        unless=(
            rb"no space",
            rb"database",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="One server of many that we federate with is away; it is tried again later.",
        action="Nothing to do.",
        examples=("WARN federation_transaction_transmission_loop-7 PUT to far.invalid timed out",),
        near_misses=(
            "ERROR federation sender stopped: database is gone",
            "failed to deliver mail: relay refused",
        ),
    ),
    Signature(
        name="door.one_name_server_away",
        patterns=(
            (
                rb"\[\d{1,9}:\d{1,5}\] (?:error|notice|info): (?:read|recvfrom|send|sendto|tcp connect|udp"
                rb" connect|connect|ssl)[^\n]{0,120} (?:for|port) "
            ),
            rb"reducing dns packet size for nameserver",
            rb"possible dns-rebind attack detected",
            rb"nameserver [^\n]{1,60} refused to do a recursive query",
            rb"ignoring query from ",
            rb"(?:remote|upstream) server [^\n]{1,60}(?:formerr|notimp|refused)[^\n]{0,40}for ",
        ),
        unless=(rb"could not open",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="One of the name servers of the world refused or is away; the resolver asks another.",
        action="Nothing to do.",
        examples=("unbound[7:0] error: recvfrom: Connection refused for 203.0.113.53 port 53",),
        near_misses=(
            "unbound[7:0] error: could not open ports",
            "dnsmasq: failed to create listening socket for port 53",
        ),
    ),
)

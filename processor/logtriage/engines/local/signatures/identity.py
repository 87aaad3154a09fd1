"""Identity servers and secret stores: Keycloak, OAuth providers, Vault, directories."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="keycloak.login_event",
        patterns=(
            (
                rb"type=\"?(?:login|refresh_token|code_to_token|introspect_token|logout|register"
                rb"|reset_password|token_exchange|user_info_request)_error"
            ),
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.INFO,
        is_actionable=False,
        confidence=0.82,
        reason="One login or refresh of one user or client was refused: everyday business of an identity server.",
        action="Nothing for one; a sudden rise points to an attack or a broken client.",
        examples=('type="LOGIN_ERROR", realmId="shop", clientId="web", error="user_not_found"',),
        near_misses=("Failed to obtain JDBC connection in keycloak", "type=LOGIN, realmId=shop, clientId=web"),
    ),
    Signature(
        name="auth.grant_refused",
        patterns=(
            rb"cannot fetch token",
            rb"error redeeming code",
            rb"token exchange failed",
            rb"\binvalid_grant\b",
            rb"\binvalid_client\b",
            rb"\bunauthorized_client\b",
            rb"\baadsts\d{5,7}\b",
            rb"invalid client (?:secret|credentials)",
            rb"client (?:secret|credentials?) (?:is |are )?(?:invalid|expired|incorrect|missing)",
        ),
        unless=(rb"aadsts9003\d",),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The identity provider refuses the client's secret, grant or account.",
        action=(
            "Check the client's secret and its end date, the grant and the redirect address; look the "
            "code up at the provider."
        ),
        examples=('oauth2: cannot fetch token: 400 Bad Request {"error":"invalid_grant"}',),
        near_misses=("invalid_scope requested by client web", "grant accepted for client web"),
    ),
    Signature(
        name="vault.lease",
        patterns=(
            rb"lease (?:not found|is not renewable)",
            rb"failed to renew (?:the )?(?:vault )?(?:token|secret)",
            rb"vault[^\n]{0,60}permission denied",
            rb"missing client token",
            rb"bad token\b",
            rb"error (?:renewing|looking up) token",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The client's token or lease at the secret store is at its end or not good enough.",
        action="Log the client in again; check the token's maximum lifetime and its policy.",
        examples=("* lease not found or lease is not renewable",),
        near_misses=("Vault is sealed", "renewed token, lease duration 768h"),
    ),
    Signature(
        name="vault.sealed",
        patterns=(rb"vault is sealed", rb"error checking seal status", rb"failed to unseal"),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.88,
        reason="The secret store is sealed: it gives nothing to anybody.",
        action="Unseal it, or find out why it does not unseal itself; check what restarted it.",
        examples=("Code: 503. Errors: * Vault is sealed",),
        near_misses=("vault is unsealed", "* lease not found or lease is not renewable"),
    ),
    Signature(
        name="auth.directory_refused",
        patterns=(
            rb"ldap: error code 49",
            rb"ldap result code 49",
            rb"invalid credentials \(49\)",
            rb"clock skew too great",
            rb"preauthentication failed",
            rb"kdc has no support for encryption type",
            rb"gssexception",
            rb"kinit: ",
            rb"client not found in kerberos database",
            rb"krb_ap_err_\w{3,20}",
            rb"cannot contact any kdc",
            rb"krberror",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.87,
        reason="The directory or Kerberos refuses this account.",
        action="Check the account's password or keytab, whether it is locked, and the clocks of both hosts.",
        examples=("[LDAP: error code 49 - 80090308: LdapErr: DSID-0C090400, AcceptSecurityContext error, data 775]",),
        near_misses=("[LDAP: error code 52 - Unavailable]", "ticket cache: FILE:/tmp/krb5cc_0"),
    ),
    Signature(
        name="identity.service_login_refused",
        patterns=(
            rb"type=\"?client_login_error",
            rb"invalid role or secret ?id",
            rb"invalid_client_credentials",
            rb"auth\.handler: error authenticating",
            rb"failed to get auth code",
            rb"azure\.identity\.\w{1,40}(?:unavailable|authenticationfailed)",
            rb"credentialunavailable(?:exception|error)",
            rb"token introspection (?:refused|failed)",
            rb"service account token[^\n]{0,60}(?:not accepted|invalid|expired)",
            rb"acl not found",
        ),
        unless=(rb"client_?login_error[^\n]{0,200}(?:user_not_found|client_not_found)",),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason=(
            "A service, not a person, was refused by the identity server: its calls fail until its credential is right."
        ),
        action="Check the client's secret or key, its end date, and the role it logs in with.",
        examples=('type="CLIENT_LOGIN_ERROR", clientId="ledger-batch", error="invalid_client_credentials"',),
        near_misses=(
            'type="LOGIN_ERROR", realmId="shop", clientId="web", error="user_not_found"',
            "client ledger-batch logged in",
        ),
    ),
    Signature(
        name="identity.person_refused",
        patterns=(
            rb"identity_provider_login_error",
            rb"kc-services0013",
            rb"failed authentication: org\.keycloak",
            rb"authenticationflowexception",
            rb"cookie_not_found",
            rb"already_logged_in",
            rb"expired_code",
            rb"another algorithm expected, or no matching key",
            rb"bearer was not authenticated\. failure message",
            rb"jwt verification failed[^\n]{0,80}tokenexpirederror",
            rb"tokenexpirederror[^\n]{0,200}\"?status\"?[:=] ?401",
            rb"session failed: \w{2,60}error: (?:signature|audience|invalid|token)",
            rb"invalid auth token: ",
            rb"user (?:locked|disabled) temporarily",
            rb"brute_force|user_temporarily_disabled",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.INFO,
        is_actionable=False,
        confidence=0.8,
        reason="One person's login, cookie or flow was refused: everyday business of an identity server.",
        action="Nothing for one; a sudden rise points to an attack or a broken client.",
        examples=('type="IDENTITY_PROVIDER_LOGIN_ERROR", error="cookie_not_found", clientId="account"',),
        near_misses=(
            'type="CLIENT_LOGIN_ERROR", clientId="ledger-batch", error="invalid_client_credentials"',
            "login page rendered",
        ),
    ),
    Signature(
        name="vault.stopping",
        patterns=(
            rb"not attempting further revocation of lease",
            rb"core context canceled",
            rb"expiration: (?:shutting down|stop triggered)",
            rb"forward request error[^\n]{0,60}(?:sealed|standby|step)",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason=(
            "The secret store gave up its active role and let unfinished housekeeping lie; the next active "
            "one takes it up."
        ),
        action="Nothing to do.",
        examples=("[ERROR] expiration: core context canceled, lease_id=db/creds/cart/x1",),
        near_misses=(
            "[ERROR] core: failed to unseal: invalid key",
            "context of the core program",
        ),
    ),
    Signature(
        name="identity.code_used_up",
        patterns=(
            rb"code was already redeemed",
            rb"already been redeemed",
            rb"aadsts54005",
            rb"description[^\n]{1,8}code not valid",
            rb"error=\"?invalid_code",
            rb"already used for usersession",
            rb"error redeeming code missing code",
            rb"authorization code (?:has )?expired",
            rb"the given code has expired",
            rb"aadsts50(?:126|053|055|058|074|076|079|140|034)",
            rb"(?:csrf|state) (?:token|parameter|cookie)[^\n]{0,30}(?:mismatch|missing|not present|invalid)",
            rb"user \S{1,60} failed to (?:log|sign) in",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.INFO,
        is_actionable=False,
        confidence=0.88,
        reason="A login code came twice, late or not at all: a reloaded page, a robot, or a slow user.",
        action="Nothing for one; if all logins fail so, check the clock and the callback address.",
        examples=('token exchange refused: "error_description":"Code not valid", client web',),
        near_misses=(
            "oauth2: cannot fetch token: invalid_client",
            "status code not valid for cart",
        ),
    ),
    Signature(
        name="identity.request_without_credential",
        patterns=(
            rb"missing (?:api ?-?key|bearer token|jwt|access token|auth(?:orization)? (?:header|token))",
            (
                rb"no (?:auth(?:orization)? header|api ?key|bearer token|jwt|credentials? "
                rb"(?:was |were )?(?:found|provided) in (?:the )?request)"
            ),
            rb"auth(?:orization)? header (?:is |was )?(?:missing|malformed|not (?:found|present)|empty)",
            rb"malformed (?:auth(?:orization)?|bearer) header",
            rb"attempted access with malformed header",
            rb"(?:jwt|token) (?:not found|missing) in request",
            rb"failed to check token: missing",
        ),
        unless=(
            rb"settings?",
            rb"config",
            rb"environment",
            rb"cannot call",
            rb"upstream",
            rb"failed to (?:fetch|push|send|export|pull)",
            rb"\bstartup\b",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.74,
        reason="A caller came without a credential, or with one in the wrong form, and was turned away.",
        action="Nothing for one; if a caller of ours is among them, give it its credential.",
        examples=("access of 203.0.113.9 to /cart refused: missing API key",),
        near_misses=(
            "cannot call billing: missing API key in settings",
            "authorization header accepted",
        ),
    ),
)

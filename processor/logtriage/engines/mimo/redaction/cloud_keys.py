"""Rows for keys of clouds and of what runs in them, known by their prefix; formats as their vendors document them."""

from __future__ import annotations

from logtriage.engines.mimo.redaction.checks import is_mixed
from logtriage.engines.mimo.redaction.rule import Rule
from logtriage.engines.mimo.redaction.vendor_row import BODY, URL_SAFE, known_by_prefix

CLOUD_KEYS: tuple[Rule, ...] = (
    known_by_prefix(
        "aws_key_id",
        ("akia", "asia", "abia", "acca"),
        r"A[KSBC][IC]A[A-Z2-7]{16}(?![A-Za-z0-9])",
        "AK" + "IA" + "QZ7XW2EV5TRUMN4K",
        "AKIA is the prefix of access keys in ASIA",
        placeholder="AWS_KEY_ID",
        reason="id of a long-lived or temporary access key",
    ),
    known_by_prefix(
        "google_api_key", "aiza", rf"AIza{URL_SAFE}{{30,40}}+", "AI" + "za" + BODY * 2 + "B", "AIza is too short"
    ),
    known_by_prefix(
        "google_oauth", "ya29.", r"ya29\.[A-Za-z0-9_.-]{16,}+", "ya" + "29." + BODY * 2, "ya29.x", placeholder="TOKEN"
    ),
    known_by_prefix(
        "google_client_secret", "gocspx-", rf"GOCSPX-{URL_SAFE}{{20,40}}+", "GOC" + "SPX-" + BODY + BODY, "GOCSPX-old"
    ),
    known_by_prefix(
        "google_refresh_token",
        "1//0",
        rf"1//0(?<![A-Za-z0-9]1//0){URL_SAFE}{{30,}}+",
        "1/" + "/0" + BODY * 3,
        "1//0.5",
        placeholder="TOKEN",
    ),
    known_by_prefix(
        "azure_client_secret",
        "q~",
        r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}",
        "secret is «" + "abc8" + "Q~" + BODY + BODY + "»",
        "abc8Q~short",
        check=is_mixed,
    ),
    known_by_prefix(
        "digitalocean_token",
        ("dop_v1_", "doo_v1_", "dor_v1_"),
        r"do[opr]_v1_[a-f0-9]{32,}+",
        "do" + "p_v1_" + "0a1b2c3d" * 8,
        "dop_v1_x",
        placeholder="TOKEN",
    ),
    known_by_prefix(
        "databricks_token",
        "dapi",
        r"dapi(?<![A-Za-z0-9_]dapi)[0-9a-f]{32}(?:-[0-9])?",
        "da" + "pi" + "0a1b2c3d" * 4,
        "dapi is down",
        placeholder="TOKEN",
    ),
    known_by_prefix(
        "vault_token",
        ("hvs.", "hvb.", "hvr."),
        rf"hv[sbr]\.{URL_SAFE}{{20,}}+",
        "hv" + "s." + BODY * 2,
        "hvs.x",
        placeholder="TOKEN",
    ),
    known_by_prefix(
        "terraform_token",
        ".atlasv1.",
        rf"(?<![A-Za-z0-9])[A-Za-z0-9]{{14}}\.atlasv1\.{URL_SAFE}{{40,}}+",
        "q0X1z9A8f5B167" + ".atlas" + "v1." + BODY * 4,
        "x.atlasv1.y",
        placeholder="TOKEN",
    ),
    known_by_prefix(
        "grafana_token",
        ("glsa_", "glc_"),
        r"gl(?:sa|c)_[A-Za-z0-9+/=_]{24,}+",
        "gl" + "sa_" + BODY * 2 + "_0a1b2c3d",
        "glc_x",
        placeholder="TOKEN",
    ),
    known_by_prefix(
        "new_relic_key",
        ("nrak-", "nrjs-", "nrii-"),
        rf"NR(?:AK|JS|II|AA|SP|RA)-{URL_SAFE}{{19,40}}+",
        "NR" + "AK-" + "Q0X1Z9A8F5B167D44Q0X1Z9A8F5",
        "NRAK-X",
    ),
    known_by_prefix(
        "sentry_token",
        ("sntrys_", "sntryu_"),
        r"sntry[su]_[A-Za-z0-9+/=_-]{30,}+",
        "sntry" + "s_" + BODY * 3,
        "sntrys_x",
        placeholder="TOKEN",
    ),
)

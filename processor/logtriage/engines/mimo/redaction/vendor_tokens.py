"""Rows for keys and tokens that are known by their prefix; formats as their vendors document them.

A prefix is tried wherever it stands if nothing else begins like that; short ones (`sk-`, `SK`) at the edge of a word only.
Examples are put together from pieces, so that no scanner of sources takes one for real.
"""

from __future__ import annotations

from logtriage.engines.mimo.redaction.checks import is_mixed
from logtriage.engines.mimo.redaction.rule import Check, Rule, after_edge

_B = "q0X1z9A8f5B167d44"
"""17 characters as bodies of keys have them."""
_WORD = "[A-Za-z0-9_]"
_URL = "[A-Za-z0-9_-]"


def _row(
    name: str,
    keywords: str | tuple[str, ...],
    pattern: str,
    example: str,
    near_miss: str,
    *,
    placeholder: str = "API_KEY",
    reason: str = "key of this vendor, by its prefix",
    check: Check | None = None,
) -> Rule:
    return Rule(
        name=name,
        placeholder=placeholder,
        keywords=(keywords,) if isinstance(keywords, str) else keywords,
        pattern=pattern,
        reason=reason,
        examples=(example if "«" in example else f"upstream refused «{example}» with 401",),
        near_misses=(near_miss,),
        check=check,
    )


VENDOR_TOKENS: tuple[Rule, ...] = (
    _row(
        "aws_key_id",
        ("akia", "asia", "abia", "acca"),
        r"A[KSBC][IC]A[A-Z2-7]{16}(?![A-Za-z0-9])",
        "AK" + "IA" + "QZ7XW2EV5TRUMN4K",
        "AKIA is the prefix of access keys in ASIA",
        placeholder="AWS_KEY_ID",
        reason="id of a long-lived or temporary access key",
    ),
    _row("google_api_key", "aiza", rf"AIza{_URL}{{30,40}}+", "AI" + "za" + _B * 2 + "B", "AIza is too short"),
    _row("google_oauth", "ya29.", r"ya29\.[A-Za-z0-9_.-]{16,}+", "ya" + "29." + _B * 2, "ya29.x", placeholder="TOKEN"),
    _row("google_client_secret", "gocspx-", rf"GOCSPX-{_URL}{{20,40}}+", "GOC" + "SPX-" + _B + _B, "GOCSPX-old"),
    _row(
        "google_refresh_token", "1//0", rf"1//0(?<![A-Za-z0-9]1//0){_URL}{{30,}}+", "1/" + "/0" + _B * 3, "1//0.5",
        placeholder="TOKEN",
    ),
    _row(
        "azure_client_secret", "q~", r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}", "secret is «" + "abc8" + "Q~" + _B + _B + "»",
        "abc8Q~short", check=is_mixed,
    ),
    _row(
        "github_token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"gh[pousr]_[A-Za-z0-9_]{20,}+",
        "gh" + "p_" + _B * 2 + "ab", "ghp_short", placeholder="TOKEN",
    ),
    _row("github_pat", "github_pat_", rf"github_pat_{_WORD}{{20,}}+", "github" + "_pat_" + _B * 3, "github_pat_x",
         placeholder="TOKEN"),
    _row(
        "gitlab_token", ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-"),
        rf"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-(?:[A-Za-z0-9_.-]){{16,}}+", "gl" + "pat-" + _B + "xyz",
        "glpat-old", placeholder="TOKEN",
    ),
    _row("slack_token", ("xoxa", "xoxb", "xoxe", "xoxo", "xoxp", "xoxr", "xoxs", "xoxc", "xoxd", "xapp-"),
         r"x(?:ox[abceoprsd](?:\.xox[bp])?|app)-[A-Za-z0-9%-]{10,}+", "xo" + "xb-123456789012-" + _B, "xoxb-no",
         placeholder="TOKEN"),
    _row(
        "slack_webhook", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_+-]{16,}+)",
        "post to https://hooks.slack.com/services/«T0AB/B0CD/" + _B + "»",
        "https://hooks.slack.com/services/x", placeholder="WEBHOOK", reason="who has the path may post",
    ),
    _row(
        "discord_webhook", "/api/webhooks/", rf"/api/webhooks/([0-9]{{15,21}}/{_URL}{{40,}}+)",
        "post to https://discord.com/api/webhooks/«123456789012345678/" + _B * 3 + "»", "/api/webhooks/12/x",
        placeholder="WEBHOOK", reason="who has the path may post",
    ),
    _row("stripe_key", ("k_live_", "k_test_", "whsec_"), r"(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9+/=]{16,}+",
         "sk" + "_live_" + _B * 2, "sk_test_x"),
    _row("twilio_key", "sk", rf"{after_edge('SK')}[0-9a-f]{{32}}(?![A-Za-z0-9])", "S" + "K" + "0a1b2c3d" * 4, "SK-17 failed"),
    _row("sendgrid_key", "sg.", rf"{after_edge('SG[.]')}{_URL}{{16,32}}\.{_URL}{{32,64}}+", "S" + "G." + _B + "abcde." + _B * 3,
         "SG.a.b"),
    _row("npm_token", "npm_", rf"npm_(?<!{_WORD}npm_)[A-Za-z0-9]{{30,}}+", "np" + "m_" + _B * 2 + "ab", "npm_config_cache",
         placeholder="TOKEN"),
    _row("pypi_token", "pypi-", rf"pypi-{_URL}{{50,}}+", "py" + "pi-" + "AgEI" + _B * 4, "pypi-server is down",
         placeholder="TOKEN"),
    _row(
        "sk_key", "sk-", rf"{after_edge('sk-')}{_URL}{{20,}}+", "s" + "k-" + _B * 2,
        "sk-learn-contrib-experimental-builds failed", check=is_mixed,
        reason="OpenAI, Anthropic, DeepSeek, Xiaomi MiMo and others",
    ),
    _row(
        "token_plan_key", "tp-", rf"(?<![A-Za-z0-9_-])t?tp-(?:[A-Za-z0-9]){{20,}}+", "t" + "p-" + _B * 2,
        "tp-abc and http-10 and ttp-1", check=is_mixed, reason="Xiaomi MiMo, Token Plan",
    ),
    _row("huggingface_token", "hf_", rf"{after_edge('hf_')}[A-Za-z0-9]{{30,}}+", "h" + "f_" + _B * 2, "hf_hub_download",
         placeholder="TOKEN"),
    _row("groq_xai_key", ("gsk_", "xai-"), rf"(?:gsk_|xai-)(?<!{_URL}gsk_)(?<!{_URL}xai-)[A-Za-z0-9]{{30,}}+", "gs" + "k_" + _B * 3, "gsk_x"),
    _row(
        "telegram_bot_token", ":aa", r"(?<![A-Za-z0-9_])(?:bot)?[0-9]{8,10}:AA[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])",
        "12345678" + "9:AA" + _B * 2, "12345678:AAB", placeholder="TOKEN",
    ),
    _row(
        "discord_token", ".", rf"(?<!{_URL})[MNO][A-Za-z0-9_-]{{23,27}}\.[A-Za-z0-9_-]{{6}}\.[A-Za-z0-9_-]{{27,40}}(?![A-Za-z0-9_-])",
        "M" + _B + "abcdef" + ".a1B2c3." + _B + _B, "Main.java.lang", placeholder="TOKEN", check=is_mixed,
    ),
    _row("digitalocean_token", ("dop_v1_", "doo_v1_", "dor_v1_"), r"do[opr]_v1_[a-f0-9]{32,}+", "do" + "p_v1_" + "0a1b2c3d" * 8,
         "dop_v1_x", placeholder="TOKEN"),
    _row("shopify_token", ("shpat_", "shpss_", "shpca_", "shppa_"), r"shp(?:at|ss|ca|pa)_[a-fA-F0-9]{32,}+",
         "shp" + "at_" + "0a1b2c3d" * 4, "shpat_x", placeholder="TOKEN"),
    _row("atlassian_token", ("atatt3", "atctt3"), rf"AT[AC]TT3[A-Za-z0-9_=-]{{20,}}+", "ATA" + "TT3" + _B * 3, "ATATT3x",
         placeholder="TOKEN"),
    _row("databricks_token", "dapi", r"dapi(?<![A-Za-z0-9_]dapi)[0-9a-f]{32}(?:-[0-9])?", "da" + "pi" + "0a1b2c3d" * 4, "dapi is down",
         placeholder="TOKEN"),
    _row("vault_token", ("hvs.", "hvb.", "hvr."), rf"hv[sbr]\.{_URL}{{20,}}+", "hv" + "s." + _B * 2, "hvs.x", placeholder="TOKEN"),
    _row("terraform_token", ".atlasv1.", rf"(?<![A-Za-z0-9])[A-Za-z0-9]{{14}}\.atlasv1\.{_URL}{{40,}}+",
         "q0X1z9A8f5B167" + ".atlas" + "v1." + _B * 4, "x.atlasv1.y", placeholder="TOKEN"),
    _row("grafana_token", ("glsa_", "glc_"), r"gl(?:sa|c)_[A-Za-z0-9+/=_]{24,}+", "gl" + "sa_" + _B * 2 + "_0a1b2c3d", "glc_x",
         placeholder="TOKEN"),
    _row("new_relic_key", ("nrak-", "nral", "nrjs-", "nrii-"), rf"NR(?:AK|JS|II|AL|AA|SP|RA)-?{_URL}{{19,40}}+",
         "NR" + "AK-" + "Q0X1Z9A8F5B167D44Q0X1Z9A8F5", "NRAK-X"),
    _row("sentry_token", ("sntrys_", "sntryu_"), r"sntry[su]_[A-Za-z0-9+/=_-]{30,}+", "sntry" + "s_" + _B * 3, "sntrys_x",
         placeholder="TOKEN"),
    _row("mailgun_key", "key-", rf"{after_edge('key-')}[0-9a-f]{{32}}(?![A-Za-z0-9])", "ke" + "y-" + "0a1b2c3d" * 4, "key-1 is gone"),
    _row("mailchimp_key", "-us", r"(?<![A-Za-z0-9])[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])", "0a1b2c3d" * 4 + "-us" + "14",
         "region-us1"),
    _row(
        "other_vendor_token",
        ("dckr_pat_", "lin_api_", "ntn_", "pmak-", "figd_", "hrku-", "rubygems_", "sbp_", "pscale_", "dp.pt.", "sq0atp-",
         "sq0csp-", "nfp_", "shippo_", "duffel_", "ltai"),
        rf"""
        (?<![A-Za-z0-9])
        (?: dckr_pat_ | lin_api_ | ntn_ | PMAK- | figd_ | HRKU- | rubygems_ | sbp_ | pscale_(?:tkn|pw|oauth)_ | dp\.pt\.
          | sq0(?:atp|csp)- | nfp_ | shippo_(?:live|test)_ | duffel_(?:live|test)_ | LTAI
        ) {_URL}{{16,}}+""",
        "dckr" + "_pat_" + _B * 2, "ntn_x and rubygems_version", placeholder="TOKEN", check=is_mixed,
        reason="Docker, Linear, Notion, Postman, Figma, Heroku, RubyGems, Supabase, PlanetScale, Doppler, Square, Netlify, "
        "Shippo, Duffel, Alibaba Cloud",
    ),
)  # fmt: skip

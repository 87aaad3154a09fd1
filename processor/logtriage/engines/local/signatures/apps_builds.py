"""Builds, browsers without a screen and servers of models: what they print beside their work."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="npm.engine_remark",
        patterns=(
            rb"(?:npm )?warn ebadengine",
            rb"warn(?:ing)? [^\n]{1,120}the engine \"[a-z]{1,10}\" (?:is incompatible|appears to be invalid)",
        ),
        unless=(rb"npm (?:err!|error)",),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.88,
        reason="A package asks for another runtime version than the one at hand; the install goes on.",
        action="Nothing to do now; raise the runtime version at the next change.",
        examples=("npm warn EBADENGINE Unsupported engine { package: 'till@3.1.0' }",),
        near_misses=(
            "npm error code EBADENGINE",
            "Error: Cannot find module 'till'",
        ),
    ),
    Signature(
        name="npm.install_remark",
        patterns=(
            (
                rb"npm (?:warn|notice) (?:deprecated|old lockfile|config|optional|using --force|exec|peer"
                rb"|allow-scripts)"
            ),
            rb"packages are looking for funding",
            rb"npm notice new (?:major|minor|patch) version of npm",
            rb"a new release of pip",
            rb"caniuse-lite is outdated",
            rb"browserslist: [^\n]{0,40}outdated",
            rb"configuration on demand is an incubating feature",
            rb"deprecated gradle features were used",
        ),
        unless=(rb"npm (?:err!|error)",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="A remark of the package manager on old packages, money or its own next version.",
        action="Nothing to do.",
        examples=("npm notice New minor version of npm available! 11.0.0",),
        near_misses=(
            "npm error 404 Not Found - till@3.1.0",
            "BUILD FAILED in 3s",
        ),
    ),
    Signature(
        name="browser.without_screen_remark",
        patterns=(
            (
                rb":(?:error|warning):(?:dns_config_service|bluez_dbus|gpu_init|viz_main_impl|gl_factory"
                rb"|vaapi_wrapper|file_path_watcher_inotify|object_proxy|angle_platform_impl|command_buffer_proxy_"
                rb"impl|registration_request|headless_browser_main_parts|gpu_process_host|gpu_memory_buffer_support|sandbox_linux|gl_surface\w{0,30}|gl_display|address_tracker_linux|udev_\w{1,20}|upower|power_\w{1,30}|sensor_\w{1,30}|egl_util|vulkan_\w{1,30}|gcm_\w{1,30}|ev_root_ca_metadata|in_progress_download_manager|render_\w{1,30}config|cert_verify_proc_builtin)[\w]{0,20}\.(?:cc|h)"
            ),
        ),
        unless=(rb"is not usable\. aborting|gpu process isn.t usable|\bfatal\b|goodbye",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.9,
        reason="A browser without a screen misses a desktop service, a graphics card or a bus that it can do without.",
        action="Nothing to do.",
        examples=("[811:811:0102/030405.6:ERROR:viz_main_impl.cc(186)] Exiting GPU process due to errors",),
        near_misses=(
            "[40:40:ERROR:ozone_platform_x11.cc(244)] Missing X server or $DISPLAY",
            "ERROR:till.cc(4) gl_display",
        ),
    ),
    Signature(
        name="model.engine_died",
        patterns=(
            rb"engine (?:loop|core|process)[^\n]{0,40} (?:has )?died",
            rb"enginedeaderror",
            rb"engine background task failed",
            rb"is already dead, terminating server process",
            rb"background loop (?:has errored|is not running|is stopped)",
        ),
        unless=(rb"out of ?memory",),
        category=Category.CODE_BUG,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.9,
        reason="The engine behind the model server has ended; no request is answered until it is started again.",
        action="Read the first trace before this line for the cause; start the server again.",
        examples=("RuntimeError: Engine core proc 2 died unexpectedly",),
        near_misses=(
            "engine of the car started",
            "background loop started",
        ),
    ),
    Signature(
        name="model.server_remark",
        patterns=(
            rb"default sampling parameters have been overridden",
            rb"no available (?:shared memory|block) broadcast block found",
            rb"no available shared memory broadcast block",
            rb"casting torch\.\w{1,12} to torch\.\w{1,12}",
            rb"could not find tensorrt",
            rb"setting .?pad_token_id.? to",
            rb"all log messages before absl::initializelog",
            rb"numa node read from sysfs had negative value",
            rb"using (?:the )?default (?:moe|w8a8)[^\n]{0,40}config",
            rb"some weights of [^\n]{1,120} were not (?:used|initialized)",
            rb"generation flags are not valid and may be ignored",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.87,
        reason="A remark of a model server on defaults, slow parts or parts it does without.",
        action="Nothing to do.",
        examples=("WARNING Casting torch.bfloat16 to torch.float16 for the till model.",),
        near_misses=(
            "casting the iron failed",
            "CUDA error: no kernel image is available",
        ),
    ),
)

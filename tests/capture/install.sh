#!/bin/bash
# Install what tests/long/test_capture_again.py needs on Debian 12, as root. With `all`: what every scenario needs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scenarios="01-postgres 02-redis 03-nginx 06-python"
if [ "${1:-}" = all ]; then scenarios=$(cd "$here/scenarios" && ls | sed 's/\.sh$//'); fi
wanted="iproute2 util-linux"
for scenario in $scenarios; do
    for need in $(sed -n 's/^# needs: //p' "$here/scenarios/$scenario.sh"); do
        name=${need%%=*}; package=${need#*=}
        case $name in
            import:*) /usr/bin/python3 -c "import ${name#import:}" 2>/dev/null || wanted="$wanted $package" ;;
            node:*) ;;
            *) PATH="$PATH:/usr/local/go/bin:/usr/sbin:/sbin" command -v "$name" >/dev/null || wanted="$wanted $package" ;;
        esac
    done
done
export DEBIAN_FRONTEND=noninteractive
# Packages must not start the services they bring: the scenarios start their own.
if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
apt-get update -q
# shellcheck disable=SC2086  # a list of package names
apt-get install -y -q --no-install-recommends $wanted
case " $scenarios " in
    *" 07-node "*) command -v npm >/dev/null || apt-get install -y -q --no-install-recommends npm; npm install --global --no-fund --no-audit pino@10 ;;
esac

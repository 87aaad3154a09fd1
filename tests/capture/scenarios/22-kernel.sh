#!/bin/bash
# The kernel's own messages about processes of this scenario: memory of a control group used up, invalid addresses, a full file system.
# needs: gcc=gcc mkfs.ext4=e2fsprogs dmesg=util-linux
set -u
out=$1
mkdir -p /srv/shop/kernel && cd /srv/shop/kernel
cat > stock-sync.c <<'X'
#include <string.h>
int main(int argc, char **argv) { char *p = argc > 1 ? (char *)1 : (char *)0; return strlen(p) + argc; }
X
cat > report-gen.c <<'X'
#include <stdlib.h>
#include <string.h>
int main(void) { for (;;) { char *p = malloc(1 << 20); if (!p) return 1; memset(p, 1, 1 << 20); } }
X
cat > divide.c <<'X'
int main(int argc, char **argv) { volatile int zero = argc - 1; return 7 / zero; }
X
for n in stock-sync report-gen divide; do gcc -O0 -o $n $n.c || exit 1; done
mark=$(cut -d' ' -f1 /proc/uptime)
./stock-sync; ./stock-sync x; ./divide; ./stock-sync
group=/sys/fs/cgroup/memory/shop-reports
if mkdir -p $group 2>/dev/null && [ -e $group/memory.limit_in_bytes ]; then
    echo 20000000 > $group/memory.limit_in_bytes
    bash -c "echo \$\$ > $group/cgroup.procs; exec ./report-gen"
    bash -c "echo \$\$ > $group/cgroup.procs; exec ./report-gen"
    rmdir $group
fi
truncate -s 1m disk.img && mkfs.ext4 -q -O ^has_journal disk.img && mkdir -p disk && mount -o loop disk.img disk && head -c 3m /dev/zero > disk/x; umount disk 2>/dev/null
sleep 0.3
# what this scenario caused and nothing older
dmesg --decode | awk -v mark="$mark" '{ line = $0; sub(/^[a-z]+ *:[a-z]+ *: \[ */, "", line); if (line + 0 >= mark + 0) print $0 }' >> "$out/node-kernel.log"
exit 0

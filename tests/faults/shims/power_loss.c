/* Keeps what a power cut would leave of the files below POWER_LOSS_ROOT: what fsync or fdatasync was called for.
 *
 * After a file was synced, its content at that moment is in POWER_LOSS_STORE/file/<id>; after a folder was synced, its
 * names are in POWER_LOSS_STORE/folder/<id>, one "<file or folder> <id> <name>" a line. The id is the inode and its time
 * of birth, so that an inode used again is another file; that of the root is "root". Each of them is written beside and renamed: a process that is
 * killed in the middle of a sync has not synced. Whoever cuts the power builds the folder anew from the store
 * (tests/faults/power.py). Nothing else is intercepted: what was written and not synced is forgotten, however it was
 * written.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int id_of(int at, const char *name, char *id, size_t size, mode_t *mode) {
  struct statx st;
  int flags = name[0] == '\0' ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW;
  if (statx(at, name, flags, STATX_INO | STATX_BTIME | STATX_TYPE, &st) != 0) return -1;
  snprintf(id, size, "%llu.%lld.%u", (unsigned long long)st.stx_ino, (long long)st.stx_btime.tv_sec,
           st.stx_btime.tv_nsec);
  *mode = st.stx_mode;
  return 0;
}

/* 0: elsewhere, 1: below the root, 2: the root itself */
static int place_of(int fd) {
  const char *root = getenv("POWER_LOSS_ROOT");
  char link[64], path[PATH_MAX];
  ssize_t size;
  if (root == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = '\0';
  if (strncmp(path, root, strlen(root)) != 0) return 0;
  return path[strlen(root)] == '\0' ? 2 : path[strlen(root)] == '/';
}

static int copy(int from, int to) {
  char buffer[1 << 16];
  off_t at = 0;
  ssize_t size;
  while ((size = pread(from, buffer, sizeof buffer, at)) > 0) {
    if (write(to, buffer, size) != size) return -1;
    at += size;
  }
  return size < 0 ? -1 : 0;
}

static int list(int fd, FILE *out) {
  int other = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = other < 0 ? NULL : fdopendir(other);
  struct dirent *entry;
  if (folder == NULL) return -1;
  while ((entry = readdir(folder)) != NULL) {
    char id[96];
    mode_t mode;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (id_of(fd, entry->d_name, id, sizeof id, &mode) == 0)
      fprintf(out, "%s %s %s\n", S_ISDIR(mode) ? "folder" : "file", id, entry->d_name);
  }
  closedir(folder);
  return 0;
}

static void keep(int fd) {
  const char *store = getenv("POWER_LOSS_STORE");
  char id[96], path[PATH_MAX], beside[PATH_MAX];
  mode_t mode;
  int is_kept = 0, place = store == NULL ? 0 : place_of(fd);
  if (place == 0 || id_of(fd, "", id, sizeof id, &mode) != 0) return;
  snprintf(path, sizeof path, "%s/%s/%s", store, S_ISDIR(mode) ? "folder" : "file", place == 2 ? "root" : id);
  snprintf(beside, sizeof beside, "%s/%d.%d.new", store, getpid(), gettid());
  if (S_ISDIR(mode)) {
    FILE *out = fopen(beside, "we");
    if (out != NULL) {
      is_kept = list(fd, out) == 0;
      is_kept = fclose(out) == 0 && is_kept;
    }
  } else {
    char name[64];
    int from, to;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);  /* the descriptor itself may be for writing only */
    from = open(name, O_RDONLY | O_CLOEXEC);
    to = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    is_kept = from >= 0 && to >= 0 && copy(from, to) == 0;
    if (from >= 0) close(from);
    if (to >= 0) close(to);
  }
  if (!is_kept || rename(beside, path) != 0) abort();  /* a store that lies is worse than a test that fails */
}

int fsync(int fd) {
  static int (*real)(int);
  int result;
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  result = real(fd);
  if (result == 0) keep(fd);
  return result;
}

int fdatasync(int fd) {
  static int (*real)(int);
  int result;
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  result = real(fd);
  if (result == 0) keep(fd);
  return result;
}

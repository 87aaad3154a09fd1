/* Lets writes, syncs and truncations below DISK_ERRORS_ROOT fail while the file DISK_ERRORS_SWITCH says so.
 *
 * The file holds "<call> <errno>", for example "fdatasync 5" (EIO) or "pwrite 28" (ENOSPC); "all 5" fails every one of
 * the calls: write, pwrite, fsync, fdatasync, ftruncate, open (for writing). No file: nothing fails.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int error_for(const char *call) {
  const char *file = getenv("DISK_ERRORS_SWITCH");
  char text[64], wanted[32];
  int number = 0;
  ssize_t size;
  int (*real_open)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
  int fd = file == NULL ? -1 : real_open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  size = read(fd, text, sizeof text - 1);
  close(fd);
  if (size <= 0) return 0;
  text[size] = '\0';
  if (sscanf(text, "%31s %d", wanted, &number) != 2) return 0;
  return strcmp(wanted, "all") == 0 || strcmp(wanted, call) == 0 ? number : 0;
}

static int is_below(const char *path) {
  const char *root = getenv("DISK_ERRORS_ROOT");
  return root != NULL && strncmp(path, root, strlen(root)) == 0;
}

static int fails(int fd, const char *call) {
  char link[64], path[PATH_MAX];
  ssize_t size;
  int number;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = '\0';
  number = is_below(path) ? error_for(call) : 0;
  if (number != 0) errno = number;
  return number != 0;
}

#define REAL(result, name, ...)                                              \
  static result (*real)(__VA_ARGS__);                                        \
  if (real == NULL) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
  REAL(ssize_t, write, int, const void *, size_t);
  return fd > 2 && fails(fd, "write") ? -1 : real(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
  return fails(fd, "pwrite") ? -1 : real(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  return fails(fd, "pwrite") ? -1 : real(fd, data, size, at);
}

int fsync(int fd) {
  REAL(int, fsync, int);
  return fails(fd, "fsync") ? -1 : real(fd);
}

int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  return fails(fd, "fdatasync") ? -1 : real(fd);
}

int ftruncate(int fd, off_t size) {
  REAL(int, ftruncate, int, off_t);
  return fails(fd, "ftruncate") ? -1 : real(fd, size);
}

int ftruncate64(int fd, off64_t size) {
  REAL(int, ftruncate64, int, off64_t);
  return fails(fd, "ftruncate") ? -1 : real(fd, size);
}

static int refuses_to_open(const char *path, int flags) {
  int number;
  if ((flags & O_ACCMODE) == O_RDONLY || !is_below(path)) return 0;
  number = error_for("open");
  if (number != 0) errno = number;
  return number != 0;
}

#define OPEN(name)                                             \
  int name(const char *path, int flags, ...) {                 \
    REAL(int, name, const char *, int, ...);                   \
    mode_t mode = 0;                                           \
    if (flags & (O_CREAT | O_TMPFILE)) {                       \
      va_list more;                                            \
      va_start(more, flags);                                   \
      mode = va_arg(more, mode_t);                             \
      va_end(more);                                            \
    }                                                          \
    return refuses_to_open(path, flags) ? -1 : real(path, flags, mode); \
  }

OPEN(open)
OPEN(open64)

/* Moves the wall clock: CLOCK_REALTIME, time and gettimeofday are off by what the file CLOCK_OFFSET says.
 *
 * The file holds one int64, the offset in nanoseconds, and is mapped: writing it moves the clock at once. The monotonic
 * clock is left alone, as in the world.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile const int64_t *offset_of_file(void) {
  static volatile const int64_t *mapped;
  static const int64_t none;
  if (mapped == NULL) {
    const char *file = getenv("CLOCK_OFFSET");
    int fd = file == NULL ? -1 : open(file, O_RDONLY | O_CLOEXEC);
    void *found = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0) close(fd);
    mapped = found == MAP_FAILED ? &none : found;
  }
  return mapped;
}

static void move(struct timespec *at) {
  int64_t nanos = at->tv_nsec + *offset_of_file() % 1000000000;
  at->tv_sec += *offset_of_file() / 1000000000 + (nanos >= 1000000000) - (nanos < 0);
  at->tv_nsec = (nanos + 1000000000) % 1000000000;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  static int (*real)(clockid_t, struct timespec *);
  int result;
  if (real == NULL) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  result = real(clock, at);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) move(at);
  return result;
}

time_t time(time_t *out) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  if (out != NULL) *out = at.tv_sec;
  return at.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
  struct timespec at;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &at);
  out->tv_sec = at.tv_sec;
  out->tv_usec = at.tv_nsec / 1000;
  return 0;
}

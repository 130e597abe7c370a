/* Loaded before the C library: counts each sync of a disk in the file SYNC_COUNT, and makes it take SYNC_DELAY_US longer. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

typedef int (*sync_call)(int);

static unsigned long long *count;
static useconds_t delay;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("SYNC_COUNT");
  const char *us = getenv("SYNC_DELAY_US");
  if (us) delay = (useconds_t)strtoul(us, NULL, 10);
  int fd = path ? open(path, O_RDWR) : -1;
  if (fd < 0) return;
  void *page = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page != MAP_FAILED) count = page;
  close(fd);
}

static int counted(const char *name, int fd) {
  sync_call real = (sync_call)dlsym(RTLD_NEXT, name);
  if (count) __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
  if (delay) usleep(delay);
  return real(fd);
}

int fsync(int fd) { return counted("fsync", fd); }

int fdatasync(int fd) { return counted("fdatasync", fd); }

/*
 * Preloaded into the server, this stands between it and the operating system, and lets calls on chosen files fail as a
 * full or broken disk would. FAULT_CONTROL names a file of 256 bytes: the first says what fails (0: nothing, w: writes
 * with ENOSPC, e: writes with EIO, s: fsync, r: reads), the second counts failures, and from the third on stands a part
 * of the path of the files meant.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#define CONTROL_BYTES 256

static volatile unsigned char *control;

__attribute__((constructor)) static void open_control(void) {
  const char *path = getenv("FAULT_CONTROL");
  int file = path ? open(path, O_RDWR) : -1;
  if (file < 0) return;
  void *mapped = mmap(NULL, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped != MAP_FAILED) control = mapped;
  close(file);
}

static int fails(int file, unsigned char call) {
  char link[64], path[4096];
  if (!control || control[0] != call) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (!strstr(path, (const char *)control + 2)) return 0;
  if (control[1] < 255) control[1]++;
  return 1;
}

static int write_error(int file) {
  if (fails(file, 'w')) return ENOSPC;
  return fails(file, 'e') ? EIO : 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define GUARD(error) do { int wrong = (error); if (wrong) { errno = wrong; return -1; } } while (0)

ssize_t write(int file, const void *from, size_t size) {
  GUARD(write_error(file));
  return REAL(write)(file, from, size);
}
ssize_t pwrite(int file, const void *from, size_t size, off_t at) {
  GUARD(write_error(file));
  return REAL(pwrite)(file, from, size, at);
}
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) {
  GUARD(write_error(file));
  return REAL(pwrite64)(file, from, size, at);
}
ssize_t read(int file, void *to, size_t size) {
  GUARD(fails(file, 'r') ? EIO : 0);
  return REAL(read)(file, to, size);
}
ssize_t pread(int file, void *to, size_t size, off_t at) {
  GUARD(fails(file, 'r') ? EIO : 0);
  return REAL(pread)(file, to, size, at);
}
ssize_t pread64(int file, void *to, size_t size, off64_t at) {
  GUARD(fails(file, 'r') ? EIO : 0);
  return REAL(pread64)(file, to, size, at);
}
int fsync(int file) {
  GUARD(fails(file, 's') ? EIO : 0);
  return REAL(fsync)(file);
}
int fdatasync(int file) {
  GUARD(fails(file, 's') ? EIO : 0);
  return REAL(fdatasync)(file);
}

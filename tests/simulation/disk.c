/* Writes down what a process does to the files below one folder, and lets that fail, or ends it.
 *
 * Loaded by LD_PRELOAD, so that all of it is seen: Python's calls and SQLite's. disk.py reads the
 * record, and works out what a loss of power would have left.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char root[PATH_MAX];
static size_t root_length;
static int record = -1;
static long count, cut_at, fail_from, fail_until;
static int fail_code;

/* From now on: `cut` ends the process before that step; steps from..until-1 fail with `code`. */
void disk_watch(const char *folder, int to, long cut, long from, long until, int code)
{
    root_length = strlen(strncpy(root, folder, sizeof root - 1));
    record = to, count = 0, cut_at = cut, fail_from = from, fail_until = until, fail_code = code;
}

static int ours(const char *path)
{
    return record >= 0 && strncmp(path, root, root_length) == 0
        && (path[root_length] == '/' || path[root_length] == 0);
}

static const char *whole(int folder, const char *path, char *out)
{
    if (record < 0) return "";
    if (path[0] == '/') return path;
    char link[64];
    ssize_t length;
    if (folder == AT_FDCWD) length = readlink("/proc/self/cwd", out, PATH_MAX - 1);
    else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        length = readlink(link, out, PATH_MAX - 1);
    }
    if (length < 0) return "";
    snprintf(out + length, PATH_MAX - length, "/%s", path);
    return out;
}

static const char *name_of(int fd, char *out)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = record < 0 ? -1 : readlink(link, out, PATH_MAX - 1);
    if (length < 0) return "";
    out[length] = 0;
    return out;
}

/* Whether the next step may be taken. */
static int may(void)
{
    count++;
    if (count == cut_at) kill(getpid(), SIGKILL);
    if (count >= fail_from && count < fail_until) {
        errno = fail_code;
        return 0;
    }
    return 1;
}

static void note(char kind, uint64_t inode, int64_t at, const void *one, size_t length)
{
    struct { uint64_t kind, inode; int64_t at; uint64_t length; } head = {
        (uint64_t)kind, inode, at, length,
    };
    int kept = errno;
    syscall(SYS_write, record, &head, sizeof head);
    if (length) syscall(SYS_write, record, one, length);
    errno = kept;
}

static void note_two(char kind, const char *from, const char *to)
{
    char both[2 * PATH_MAX + 1];
    int length = snprintf(both, sizeof both, "%s%c%s", from, 1, to);
    note(kind, 0, 0, both, (size_t)length);
}

static uint64_t inode_of(int fd)
{
    struct stat found;
    return fstat(fd, &found) == 0 ? (uint64_t)found.st_ino : 0;
}


static int opened(int folder, const char *path, int flags, mode_t mode)
{
    char out[PATH_MAX];
    const char *name = whole(folder, path, out);
    int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
    if (!writes || !ours(name)) return (int)syscall(SYS_openat, folder, path, flags, mode);
    if (!may()) return -1;
    struct stat before;
    int there = stat(name, &before) == 0;
    int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (fd < 0) return fd;
    if (!there) note('C', inode_of(fd), 0, name, strlen(name));
    else if (flags & O_TRUNC) note('T', inode_of(fd), 0, NULL, 0);
    return fd;
}

#define OPEN_MODE mode_t mode = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { OPEN_MODE return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { OPEN_MODE return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) { OPEN_MODE return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { OPEN_MODE return opened(at, path, flags | O_LARGEFILE, mode); }

static ssize_t written(int fd, const void *from, size_t length, int64_t at)
{
    char out[PATH_MAX];
    int known = record >= 0 && ours(name_of(fd, out));
    if (known && !may()) return -1;
    if (known && at < 0) {
        struct stat found;
        int appends = fcntl(fd, F_GETFL) & O_APPEND;
        int64_t place = appends && fstat(fd, &found) == 0 ? found.st_size : lseek(fd, 0, SEEK_CUR);
        ssize_t done = syscall(SYS_write, fd, from, length);
        if (done > 0) note('W', inode_of(fd), place, from, (size_t)done);
        return done;
    }
    ssize_t done = at < 0 ? syscall(SYS_write, fd, from, length)
                          : syscall(SYS_pwrite64, fd, from, length, at);
    if (known && done > 0) note('W', inode_of(fd), at, from, (size_t)done);
    return done;
}

ssize_t write(int fd, const void *from, size_t length) { return written(fd, from, length, -1); }
ssize_t pwrite(int fd, const void *from, size_t length, off_t at) { return written(fd, from, length, at); }
ssize_t pwrite64(int fd, const void *from, size_t length, off64_t at) { return written(fd, from, length, at); }

static int synced(int fd, long call)
{
    char out[PATH_MAX];
    const char *name = name_of(fd, out);
    int known = ours(name);
    if (known && !may()) return -1;
    struct stat found;
    if (known && fstat(fd, &found) == 0) {
        if (S_ISDIR(found.st_mode)) note('D', 0, 0, name, strlen(name));
        else note('S', (uint64_t)found.st_ino, 0, NULL, 0);
    }
    return known ? 0 : (int)syscall(call, fd);
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

static int cut_short(int fd, int64_t length)
{
    char out[PATH_MAX];
    int known = ours(name_of(fd, out));
    if (known && !may()) return -1;
    int done = (int)syscall(SYS_ftruncate, fd, length);
    if (known && done == 0) note('T', inode_of(fd), length, NULL, 0);
    return done;
}

int ftruncate(int fd, off_t length) { return cut_short(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut_short(fd, length); }

static int renamed(int from_folder, const char *from, int to_folder, const char *to)
{
    char one[PATH_MAX], two[PATH_MAX];
    const char *old = whole(from_folder, from, one), *new = whole(to_folder, to, two);
    int known = ours(old) || ours(new);
    if (known && !may()) return -1;
    int done = (int)syscall(SYS_renameat, from_folder, from, to_folder, to);
    if (known && done == 0) note_two('R', old, new);
    return done;
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int a, const char *from, int b, const char *to) { return renamed(a, from, b, to); }

static int changed(char kind, int folder, const char *path, long a, long flags)
{
    char out[PATH_MAX];
    const char *name = whole(folder, path, out);
    int known = ours(name);
    if (known && !may()) return -1;
    int done = kind == 'M' ? (int)syscall(SYS_mkdirat, folder, path, a)
                           : (int)syscall(SYS_unlinkat, folder, path, flags);
    if (known && done == 0) note(kind, 0, 0, name, strlen(name));
    return done;
}

int unlink(const char *path) { return changed('U', AT_FDCWD, path, 0, 0); }
int rmdir(const char *path) { return changed('X', AT_FDCWD, path, 0, AT_REMOVEDIR); }
int unlinkat(int at, const char *path, int flags) { return changed(flags & AT_REMOVEDIR ? 'X' : 'U', at, path, 0, flags); }
int mkdir(const char *path, mode_t mode) { return changed('M', AT_FDCWD, path, mode, 0); }
int mkdirat(int at, const char *path, mode_t mode) { return changed('M', at, path, mode, 0); }

int linkat(int a, const char *from, int b, const char *to, int flags)
{
    char one[PATH_MAX], two[PATH_MAX];
    const char *old = whole(a, from, one), *new = whole(b, to, two);
    int known = ours(new);
    if (known && !may()) return -1;
    int done = (int)syscall(SYS_linkat, a, from, b, to, flags);
    if (known && done == 0) note_two('L', old, new);
    return done;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

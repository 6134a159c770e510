/* Tells ThreadSanitizer of what Swift's runtime orders, for LD_PRELOAD.

   The runtime's libraries are not instrumented. Without this, whatever is handed over by a `Mutex`
   that two threads want at once, or from one task to another, looks like a race:

   - The uncontended way of `Mutex` is compiled into its users, atomics and all, and needs nothing.
     The other one ends in the library; it is wrapped here.
   - The concurrency runtime has hooks for ThreadSanitizer, which are set by a callback that the
     sanitizer calls only where it is a shared library itself. They are set here.
   - It has none where a task comes to wait for a continuation that was resumed already; that is
     added here. (One that is resumed in between, a few instructions, still looks like a race.)
   - What is copied on writing belongs to whoever finds that nobody else has it any more: counts
     of references order, too. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

static void (*acquire)(void *);
static void (*release)(void *);

__attribute__((constructor)) static void set_hooks(void) {
    acquire = dlsym(RTLD_DEFAULT, "__tsan_acquire");
    release = dlsym(RTLD_DEFAULT, "__tsan_release");
    bool *enabled = dlsym(RTLD_DEFAULT, "_swift_tsan_enabled");
    void (**runtime_acquire)(void *) = dlsym(RTLD_DEFAULT, "_swift_tsan_acquire");
    void (**runtime_release)(void *) = dlsym(RTLD_DEFAULT, "_swift_tsan_release");
    if (acquire && release && enabled && runtime_acquire && runtime_release) {
        *runtime_acquire = acquire;
        *runtime_release = release;
        *enabled = true;
    }
}

#define METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define ASYNC __attribute__((swiftasynccall))

typedef ASYNC void await_continuation(void *);
typedef METHOD void *current_task(void);

ASYNC void swift_continuation_await(void *continuation) {
    await_continuation *await = dlsym(RTLD_NEXT, "swift_continuation_await");
    current_task *current = dlsym(RTLD_DEFAULT, "swift_task_getCurrent");
    if (acquire && current) acquire(current());
    __attribute__((musttail)) return await(continuation);
}

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef METHOD void lock_slowly(uint32_t, SELF void *);
typedef METHOD void unlock_slowly(SELF void *);

METHOD void lock(uint32_t state, SELF void *mutex) __asm__(LOCK);
METHOD void lock(uint32_t state, SELF void *mutex) {
    ((lock_slowly *)dlsym(RTLD_NEXT, LOCK))(state, mutex);
    if (acquire) acquire(mutex);
}

METHOD void unlock(SELF void *mutex) __asm__(UNLOCK);
METHOD void unlock(SELF void *mutex) {
    if (release) release(mutex);
    ((unlock_slowly *)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}

typedef void release_object(void *);
typedef void release_object_n(void *, uint32_t);
typedef bool is_unique(const void *);

static void note_release(void *object) {
    /* The highest bit is set where nothing is counted, as in a string that is no object. */
    if (!release || (intptr_t)object <= 0) return;
    /* Other bits may stand beside the address. */
    release((void *)((uintptr_t)object & 0x0ffffffffffffff8));
}

static bool note_uniqueness(const void *object, bool unique) {
    if (acquire && object && unique) acquire((void *)object);
    return unique;
}

#define NEXT(type, name) \
    static type *next; \
    if (!next) next = (type *)dlsym(RTLD_NEXT, name);

void swift_release(void *object) {
    NEXT(release_object, "swift_release")
    note_release(object);
    next(object);
}

void swift_release_n(void *object, uint32_t count) {
    NEXT(release_object_n, "swift_release_n")
    note_release(object);
    next(object, count);
}

void swift_bridgeObjectRelease(void *object) {
    NEXT(release_object, "swift_bridgeObjectRelease")
    note_release(object);
    next(object);
}

bool swift_isUniquelyReferenced_nonNull_native(const void *object) {
    NEXT(is_unique, "swift_isUniquelyReferenced_nonNull_native")
    return note_uniqueness(object, next(object));
}

bool swift_isUniquelyReferenced_native(const void *object) {
    NEXT(is_unique, "swift_isUniquelyReferenced_native")
    return note_uniqueness(object, next(object));
}

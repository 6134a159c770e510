/// The lock of `MemoryStorage`.
final class MemoryLock: StorageLock {
    private let release: @Sendable () -> Void

    init(release: @escaping @Sendable () -> Void) {
        self.release = release
    }

    deinit {
        release()
    }
}

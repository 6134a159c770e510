import Glibc

/// `flock` on an open file: the kernel lets go of it when the process ends, however it ends.
final class DescriptorLock: StorageLock {
    private let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}

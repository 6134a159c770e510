import Glibc

/// A file of `FileStorage`.
final class DescriptorFile: StorageFile {
    /// What Linux takes in one `pwritev` (IOV_MAX).
    private static let vectorLimit = 1024

    private let name: String
    private let descriptor: Int32

    init(name: String, descriptor: Int32) {
        self.name = name
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Straight from the caller's memory to the kernel; a short write goes on where it stopped.
    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int64) throws(StorageFault) {
        var position = offset
        var first = 0
        var skipped = 0
        let code = withUnsafeTemporaryAllocation(
            of: iovec.self, capacity: min(buffers.count, Self.vectorLimit)
        ) { vector -> Int32 in
            while first < buffers.count {
                let count = min(buffers.count - first, vector.count)
                for index in 0..<count {
                    let buffer = buffers[first + index]
                    let start = index == 0 ? skipped : 0
                    // The kernel only reads through it: `iovec` has no const variant.
                    vector[index] = iovec(
                        iov_base: UnsafeMutableRawPointer(
                            mutating: buffer.baseAddress.map { $0 + start }),
                        iov_len: buffer.count - start)
                }
                var written = pwritev(descriptor, vector.baseAddress, Int32(count), off_t(position))
                if written < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                position += Int64(written)
                while first < buffers.count, written >= buffers[first].count - skipped {
                    written -= buffers[first].count - skipped
                    first += 1
                    skipped = 0
                }
                skipped += written
            }
            return 0
        }
        if code != 0 {
            throw FileStorage.fault(.write, name, code)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(StorageFault)
        -> Int
    {
        var done = 0
        while done < buffer.count {
            let count = pread(
                descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset) + done)
            if count < 0 {
                if errno == EINTR { continue }
                throw FileStorage.fault(.read, name, errno)
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func size() throws(StorageFault) -> Int64 {
        var status = stat()
        if fstat(descriptor, &status) != 0 {
            throw FileStorage.fault(.size, name, errno)
        }
        return Int64(status.st_size)
    }

    func preallocate(_ size: Int64) throws(StorageFault) {
        while true {
            let code = posix_fallocate(descriptor, 0, off_t(size))
            if code == EINTR { continue }
            if code != 0 { throw FileStorage.fault(.preallocate, name, code) }
            return
        }
    }

    func sync() throws(StorageFault) {
        // Not repeated on EINTR either: after any error of a sync the kernel may have dropped
        // what was to be written.
        if fdatasync(descriptor) != 0 {
            throw FileStorage.fault(.sync, name, errno)
        }
    }
}

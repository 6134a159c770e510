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
        let buffers = buffers.filter { !$0.isEmpty }
        let code = withUnsafeTemporaryAllocation(
            of: iovec.self, capacity: min(buffers.count, Self.vectorLimit)
        ) { vector in write(buffers, through: vector, at: offset) }
        if code != 0 {
            throw FileStorage.fault(.write, name, code)
        }
    }

    /// - Parameters:
    ///   - buffers: none is empty.
    ///   - vector: room for what the kernel takes at once.
    /// - Returns: 0 or an `errno`.
    private func write(
        _ buffers: [UnsafeRawBufferPointer], through vector: UnsafeMutableBufferPointer<iovec>,
        at offset: Int64
    ) -> Int32 {
        var position = offset
        var first = 0
        var skipped = 0
        while first < buffers.count {
            let count = min(buffers.count - first, vector.count)
            for index in 0..<count {
                let buffer = buffers[first + index]
                let start = index == 0 ? skipped : 0
                // The kernel only reads through it: `iovec` has no const variant.
                vector[index] = iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress! + start),
                    iov_len: buffer.count - start)
            }
            var written = DiskCall.write(
                descriptor, name, UnsafeBufferPointer(rebasing: vector[..<count]), at: position)
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            // A kernel that takes nothing and names no error would be asked for ever.
            if written == 0 { return EIO }
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
            if DiskCall.preallocate(descriptor, name, size) == 0 { return }
            if errno == EINTR { continue }
            throw FileStorage.fault(.preallocate, name, errno)
        }
    }

    func sync() throws(StorageFault) {
        // Not repeated on EINTR either: after any error of a sync the kernel may have dropped
        // what was to be written.
        if DiskCall.sync(descriptor, name) != 0 {
            throw FileStorage.fault(.sync, name, errno)
        }
    }
}

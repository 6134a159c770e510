import Glibc

/// The calls to the kernel that change what a disk holds. They stand here and nowhere else, each
/// between two failpoints; `Tests/BlackBox/test_failpoints.py` looks that it stays so.
///
/// Each gives less than 0 and leaves `errno` when it fails.
enum DiskCall {
    /// - Returns: the descriptor.
    static func create(_ name: String, in directory: Int32, _ flags: Int32) -> Int32 {
        Failpoint.around("create", FileName.kind(of: name)) { _ in
            openat(directory, name, flags | O_CREAT | O_CLOEXEC, 0o600)
        }
    }

    static func makeDirectory(_ path: String) -> Int32 {
        Failpoint.around("make-directory", "directory") { _ in mkdir(path, 0o700) }
    }

    /// - Returns: how many bytes were written.
    static func write(
        _ descriptor: Int32, _ name: String, _ vector: UnsafeBufferPointer<iovec>, at offset: Int64
    ) -> Int {
        Failpoint.around("write", FileName.kind(of: name)) { isShort in
            if isShort, let first = vector.first {
                return pwrite(descriptor, first.iov_base, (first.iov_len + 1) / 2, off_t(offset))
            }
            return pwritev(descriptor, vector.baseAddress, Int32(vector.count), off_t(offset))
        }
    }

    /// Writes at the end of a file that was opened with `O_APPEND`, wherever other processes have moved it.
    ///
    /// - Returns: how many bytes were written.
    static func append(_ descriptor: Int32, _ name: String, _ part: iovec) -> Int {
        Failpoint.around("append", FileName.kind(of: name)) { _ in
            withUnsafePointer(to: part) { writev(descriptor, $0, 1) }
        }
    }

    static func preallocate(_ descriptor: Int32, _ name: String, _ size: Int64) -> Int32 {
        Failpoint.around("preallocate", FileName.kind(of: name)) { _ in
            // Gives the error itself, unlike all others.
            errno = posix_fallocate(descriptor, 0, off_t(size))
            return errno == 0 ? 0 : -1
        }
    }

    static func sync(_ descriptor: Int32, _ name: String) -> Int32 {
        Failpoint.around("sync", FileName.kind(of: name)) { _ in fdatasync(descriptor) }
    }

    static func rename(_ name: String, to newName: String, in directory: Int32) -> Int32 {
        Failpoint.around(
            "rename", FileName.kind(of: name) + "-to-" + FileName.kind(of: newName)
        ) { _ in renameat(directory, name, directory, newName) }
    }

    static func remove(_ name: String, in directory: Int32) -> Int32 {
        Failpoint.around("remove", FileName.kind(of: name)) { _ in unlinkat(directory, name, 0) }
    }

    /// A backup that is whole gets its name.
    static func renameDirectory(_ name: String, to newName: String, in parent: Int32) -> Int32 {
        Failpoint.around("rename", "partial-to-backup") { _ in
            renameat(parent, name, parent, newName)
        }
    }

    /// An empty one.
    static func removeDirectory(_ name: String, in parent: Int32) -> Int32 {
        Failpoint.around("remove", "partial") { _ in unlinkat(parent, name, AT_REMOVEDIR) }
    }

    /// - Parameter kind: `directory`, or `parent` for the one that it stands in.
    static func syncDirectory(_ descriptor: Int32, _ kind: String) -> Int32 {
        Failpoint.around("sync-directory", kind) { _ in fsync(descriptor) }
    }
}

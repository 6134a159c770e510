import Glibc

/// The files of a data directory that other processes may read and write while a server holds it: the
/// server's tokens, and the audit log. All calls block.
public final class SideFiles: Sendable {
    /// The largest file of tokens that is read, in bytes.
    public static let largestTokens = 1 << 20

    private let storage: FileStorage
    private let path: String

    /// - Parameter createIfMissing: makes the last component of the path, readable by its owner only.
    public init(path: String, createIfMissing: Bool) throws(StorageFault) {
        storage = try FileStorage(path: path, createIfMissing: createIfMissing)
        self.path = path
    }

    /// Where the tokens are.
    public var tokensPath: String { Self.tokensPath(in: path) }

    public static func tokensPath(in directory: String) -> String {
        directory + "/" + FileName.tokens
    }

    /// - Returns: nil when there are none yet.
    public func readTokens() throws(StorageFault) -> [UInt8]? {
        try storage.contents(of: FileName.tokens, atMost: Self.largestTokens)
    }

    /// Replaces the tokens, while no other process does: readers see the old ones or the new ones,
    /// whatever happens.
    ///
    /// - Parameter change: from what is there (nil when nothing is) to what is to be there; nil
    ///   leaves it as it is.
    public func changeTokens(_ change: ([UInt8]?) throws -> [UInt8]?) throws {
        let lock = try storage.descriptor(lockedBy: FileName.tokensLock)
        defer { close(lock) }
        guard let bytes = try change(try readTokens()) else { return }
        let file = try storage.open(FileName.unfinishedTokens, for: .create)
        try file.write(bytes, at: 0)
        try file.sync()
        try storage.rename(FileName.unfinishedTokens, to: FileName.tokens)
        try storage.syncDirectory()
    }

    /// Appends whole lines to the audit log, made when it is missing. They outlive the process, but are not
    /// synced: the journal has every command by itself.
    public func appendToAuditLog(_ lines: [UInt8]) throws(StorageFault) {
        try storage.append(lines, to: FileName.auditLog)
    }
}

extension FileStorage {
    /// Waits until no other process holds the lock of this name.
    ///
    /// - Returns: a descriptor that holds it until it is closed.
    fileprivate func descriptor(lockedBy name: String) throws(StorageFault) -> Int32 {
        let lock = try openDescriptor(name, O_RDWR | O_NOFOLLOW)
        while flock(lock, LOCK_EX) != 0 {
            if errno == EINTR { continue }
            let code = errno
            close(lock)
            throw Self.fault(.lock, name, code)
        }
        return lock
    }

    fileprivate func append(_ bytes: [UInt8], to name: String) throws(StorageFault) {
        let file = try openDescriptor(name, O_WRONLY | O_APPEND | O_NOFOLLOW)
        defer { close(file) }
        let code = bytes.withUnsafeBytes { bytes -> Int32 in
            var done = 0
            while done < bytes.count {
                // The kernel only reads through it: `iovec` has no const variant.
                let part = iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress! + done),
                    iov_len: bytes.count - done)
                let written = DiskCall.append(file, name, part)
                if written > 0 {
                    done += written
                } else if written == 0 || errno != EINTR {
                    return written == 0 ? EIO : errno
                }
            }
            return 0
        }
        if code != 0 { throw Self.fault(.write, name, code) }
    }
}

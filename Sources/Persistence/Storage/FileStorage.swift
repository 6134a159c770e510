import Glibc

/// A directory of the file system, reached through its descriptor, so that renaming one of its
/// parents while the server runs changes nothing.
public final class FileStorage: Storage {
    public let location: String
    private let descriptor: Int32

    /// - Parameter createIfMissing: makes the last component of the path, readable by its owner
    ///   only.
    public init(path: String, createIfMissing: Bool = true) throws(StorageFault) {
        location = path
        if createIfMissing {
            if DiskCall.makeDirectory(path) == 0 {
                try Self.syncParent(of: path)
            } else if errno != EEXIST {
                throw Self.fault(.openDirectory, path, errno)
            }
        }
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 {
            throw Self.fault(.openDirectory, path, errno)
        }
    }

    deinit {
        Glibc.close(descriptor)
    }

    public func lock(createIfMissing: Bool) throws(StorageFault) -> any StorageLock {
        let lock =
            createIfMissing
            ? DiskCall.create(FileName.lock, in: descriptor, O_RDWR)
            : openat(descriptor, FileName.lock, O_RDONLY | O_CLOEXEC)
        if lock < 0 {
            throw Self.fault(.lock, FileName.lock, errno)
        }
        if flock(lock, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            Glibc.close(lock)
            throw code == EWOULDBLOCK
                ? .locked(path: location) : Self.fault(.lock, FileName.lock, code)
        }
        return DescriptorLock(descriptor: lock)
    }

    public func list() throws(StorageFault) -> [StorageEntry] {
        let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else {
            throw Self.fault(.list, location, errno)
        }
        guard let stream = fdopendir(own) else {
            let code = errno
            Glibc.close(own)
            throw Self.fault(.list, location, code)
        }
        defer { closedir(stream) }
        var entries: [StorageEntry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw Self.fault(.list, location, errno) }
                return entries
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            var status = stat()
            if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0 {
                // Removed by another thread since `readdir` saw it.
                if errno == ENOENT { continue }
                throw Self.fault(.list, name, errno)
            }
            if status.st_mode & S_IFMT == S_IFREG {
                entries.append(StorageEntry(name: name, size: Int64(status.st_size)))
            }
        }
    }

    public func open(_ name: String, for access: StorageAccess) throws(StorageFault)
        -> any StorageFile
    {
        let file =
            switch access {
            case .read: openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            case .update: openat(descriptor, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            case .create: DiskCall.create(name, in: descriptor, O_RDWR | O_TRUNC | O_NOFOLLOW)
            }
        if file < 0 {
            throw Self.fault(access == .create ? .create : .open, name, errno)
        }
        return DescriptorFile(name: name, descriptor: file)
    }

    /// Opens a file, made when it is missing, whose descriptor its caller closes.
    func openDescriptor(_ name: String, _ flags: Int32) throws(StorageFault) -> Int32 {
        let file = DiskCall.create(name, in: descriptor, flags)
        if file < 0 { throw Self.fault(.open, name, errno) }
        return file
    }

    public func rename(_ name: String, to newName: String) throws(StorageFault) {
        if DiskCall.rename(name, to: newName, in: descriptor) != 0 {
            throw Self.fault(.rename, name, errno)
        }
    }

    public func remove(_ name: String) throws(StorageFault) {
        if DiskCall.remove(name, in: descriptor) != 0 {
            throw Self.fault(.remove, name, errno)
        }
    }

    public func syncDirectory() throws(StorageFault) {
        if DiskCall.syncDirectory(descriptor, "directory") != 0 {
            throw Self.fault(.syncDirectory, location, errno)
        }
    }

    /// Whether this directory is the one that the path leads to now.
    func stands(at path: String) -> Bool {
        var own = stat()
        var found = stat()
        return fstat(descriptor, &own) == 0 && fstatat(AT_FDCWD, path, &found, 0) == 0
            && own.st_dev == found.st_dev && own.st_ino == found.st_ino
    }

    static func fault(_ operation: StorageOperation, _ file: String, _ code: Int32) -> StorageFault
    {
        switch code {
        case ENOSPC, EDQUOT: .full(file: file)
        case ENOENT: .missing(file: file)
        default: .failed(operation: operation, file: file, code: code)
        }
    }

    /// A directory that was just made is not durable before its parent is.
    private static func syncParent(of path: String) throws(StorageFault) {
        let parent = Glibc.open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent < 0 {
            throw fault(.openDirectory, path + "/..", errno)
        }
        defer { Glibc.close(parent) }
        if DiskCall.syncDirectory(parent, "parent") != 0 {
            throw fault(.syncDirectory, path + "/..", errno)
        }
    }
}

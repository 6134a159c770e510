import Persistence

/// An open file of a `SimulatedDisk`.
final class SimulatedFile: StorageFile {
    private let file: any StorageFile
    private let name: String
    private let disk: SimulatedDisk

    init(_ file: any StorageFile, name: String, disk: SimulatedDisk) {
        self.file = file
        self.name = name
        self.disk = disk
    }

    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int64) throws(StorageFault) {
        try disk.change("write", name, part: { self.writePart(of: buffers, at: offset) }) {
            () throws(StorageFault) in
            try file.write(buffers, at: offset)
        }
    }

    /// As much as a process has written that dies while it writes.
    private func writePart(of buffers: [UnsafeRawBufferPointer], at offset: Int64) {
        var left = disk.share(of: buffers.reduce(0) { $0 + $1.count })
        var part: [UnsafeRawBufferPointer] = []
        for buffer in buffers {
            part.append(UnsafeRawBufferPointer(rebasing: buffer.prefix(left)))
            left -= part.last!.count
        }
        // On a full disk nothing is written.
        try? file.write(part, at: offset)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(StorageFault)
        -> Int
    {
        try file.read(into: buffer, at: offset)
    }

    func size() throws(StorageFault) -> Int64 { try file.size() }

    func preallocate(_ size: Int64) throws(StorageFault) {
        try disk.change("preallocate", name) { () throws(StorageFault) in
            try file.preallocate(size)
        }
    }

    func sync() throws(StorageFault) {
        try disk.change("sync", name) { () throws(StorageFault) in try file.sync() }
    }
}

import Glibc

/// Reads one file from front to back through a window that is used again and again.
///
/// Pointers it gives out are good until it is asked for the next bytes.
final class FileScanner {
    /// So that whatever stands at a multiple of 8 in the file can be read in place.
    private static let alignment = 4096

    private let file: any StorageFile
    let name: String
    let size: Int64
    private var window: UnsafeMutableRawBufferPointer
    /// Where in the file the window begins.
    private var start: Int64 = 0
    /// How much of the window holds bytes of the file.
    private var filled = 0

    init(_ storage: any Storage, _ name: String, readBytes: Int) throws(StorageFault) {
        precondition(
            readBytes >= FileHeader.size && readBytes % RecordHeader.alignment == 0,
            "a read is too small, or would end between two multiples of 8")
        file = try storage.open(name, for: .read)
        self.name = name
        size = try file.size()
        window = .allocate(byteCount: readBytes, alignment: Self.alignment)
    }

    deinit {
        window.deallocate()
    }

    /// - Parameters:
    ///   - offset: a multiple of 8.
    /// - Returns: nil if the file has not that many bytes there.
    func bytes(at offset: Int64, _ count: Int) throws(StorageFault) -> UnsafeRawBufferPointer? {
        guard offset + Int64(count) <= size else { return nil }
        if offset < start || offset + Int64(count) > start + Int64(filled) {
            try fill(from: offset, atLeast: count)
            // A file that shrank meanwhile.
            guard filled >= count else { return nil }
        }
        return UnsafeRawBufferPointer(window).part(Int(offset - start), count)
    }

    /// As many bytes as one read gives; empty at the end of the file.
    func run(at offset: Int64) throws(StorageFault) -> UnsafeRawBufferPointer {
        let count = min(Int64(window.count), size - offset)
        guard count > 0, let run = try bytes(at: offset, Int(count)) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return run
    }

    /// The offset behind the last byte that is not zero, at or after `offset`; `offset` if there is
    /// none.
    func endOfContent(from offset: Int64) throws(StorageFault) -> Int64 {
        var end = offset
        var position = offset
        while position < size {
            let run = try run(at: position)
            if run.isEmpty { break }
            if !run.isZero, let last = run.lastIndex(where: { $0 != 0 }) {
                end = position + Int64(last) + 1
            }
            position += Int64(run.count)
        }
        return end
    }

    /// Writes what stands in the range to the beginning of another file.
    ///
    /// - Parameter syncingEvery: bytes that may wait for a sync; the last ones wait for the caller's.
    func copy(
        _ range: Range<Int64>, to copy: any StorageFile, syncingEvery: Int = .max
    ) throws(StorageFault) {
        var offset = range.lowerBound
        var unsynced = 0
        while offset < range.upperBound {
            let run = try run(at: offset)
            // A file that shrank meanwhile: nothing of ours does that.
            guard !run.isEmpty else {
                throw StorageFault.failed(operation: .read, file: name, code: EIO)
            }
            let part = run.part(0, Int(min(Int64(run.count), range.upperBound - offset)))
            try copy.write([part], at: offset - range.lowerBound)
            offset += Int64(part.count)
            unsynced += part.count
            if unsynced >= syncingEvery {
                try copy.sync()
                unsynced = 0
            }
        }
    }

    private func fill(from offset: Int64, atLeast count: Int) throws(StorageFault) {
        var kept = 0
        let end = start + Int64(filled)
        var wide = window
        if count > window.count {
            wide = .allocate(byteCount: count, alignment: Self.alignment)
        }
        if offset >= start, offset < end {
            kept = Int(end - offset)
            wide.baseAddress!.copyMemory(
                from: window.baseAddress! + Int(offset - start), byteCount: kept)
        }
        if count > window.count {
            window.deallocate()
            window = wide
        }
        filled = kept
        start = offset
        filled += try file.read(
            into: UnsafeMutableRawBufferPointer(rebasing: window[kept...]),
            at: offset + Int64(kept))
    }
}

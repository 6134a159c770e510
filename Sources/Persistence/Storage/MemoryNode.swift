/// The content of one file of `MemoryStorage`, twice: as it is, and as it was last synced.
///
/// In pages that both share until one is written; nil is a page of zeros.
struct MemoryNode: Sendable {
    static let pageSize = 4096
    static let sectorSize = 512

    private(set) var size: Int64 = 0
    private var pages: [[UInt8]?] = []
    private var syncedSize: Int64 = 0
    private var syncedPages: [[UInt8]?] = []
    private var dirty: Set<Int> = []

    mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) {
        grow(to: offset + Int64(bytes.count))
        var done = 0
        while done < bytes.count {
            let position = Int(offset) + done
            let page = position / Self.pageSize
            let inPage = position % Self.pageSize
            let count = min(Self.pageSize - inPage, bytes.count - done)
            var content = pages[page].take() ?? [UInt8](repeating: 0, count: Self.pageSize)
            content.replaceSubrange(inPage..<inPage + count, with: bytes.part(done, count))
            pages[page] = content
            dirty.insert(page)
            done += count
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int {
        let count = max(0, min(buffer.count, Int(size - offset)))
        var done = 0
        while done < count {
            let position = Int(offset) + done
            let inPage = position % Self.pageSize
            let part = UnsafeMutableRawBufferPointer(
                rebasing: buffer[done..<done + min(Self.pageSize - inPage, count - done)])
            if let page = pages[position / Self.pageSize] {
                part.copyBytes(from: page[inPage..<inPage + part.count])
            } else {
                part.initializeMemory(as: UInt8.self, repeating: 0)
            }
            done += part.count
        }
        return count
    }

    mutating func grow(to newSize: Int64) {
        guard newSize > size else { return }
        size = newSize
        let count = (Int(newSize) + Self.pageSize - 1) / Self.pageSize
        pages += [[UInt8]?](repeating: nil, count: count - pages.count)
    }

    mutating func sync() {
        syncedSize = size
        syncedPages += [[UInt8]?](repeating: nil, count: pages.count - syncedPages.count)
        for page in dirty {
            syncedPages[page] = pages[page]
        }
        dirty = []
    }

    /// - Parameters:
    ///   - keepingSize: asked when the file grew since the last sync.
    ///   - keeping: asked for each sector that was written since the last sync.
    func afterPowerLoss(keepingSize: () -> Bool, keeping: (Int64) -> Bool) -> MemoryNode {
        var node = MemoryNode()
        node.size = syncedSize
        node.pages = syncedPages
        node.syncedSize = syncedSize
        node.syncedPages = syncedPages
        if size > syncedSize, keepingSize() { node.grow(to: size) }
        for page in dirty.sorted() {
            for sector in stride(from: 0, to: Self.pageSize, by: Self.sectorSize) {
                let offset = Int64(page * Self.pageSize + sector)
                guard offset < size, let new = pages[page], keeping(offset) else { continue }
                let count = min(Self.sectorSize, Int(size - offset))
                new.withUnsafeBytes { node.write($0.part(sector, count), at: offset) }
            }
        }
        node.sync()
        return node
    }
}

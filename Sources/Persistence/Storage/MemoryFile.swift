/// An open file of `MemoryStorage`.
final class MemoryFile: StorageFile {
    private let name: String
    private let node: Int
    private let storage: MemoryStorage

    init(name: String, node: Int, storage: MemoryStorage) {
        self.name = name
        self.node = node
        self.storage = storage
    }

    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int64) throws(StorageFault) {
        try storage.withNode(node, .write, name) { content, room throws(StorageFault) in
            let end = offset + buffers.reduce(0) { $0 + Int64($1.count) }
            if end - content.size > room { throw .full(file: name) }
            var position = offset
            for buffer in buffers {
                content.write(buffer, at: position)
                position += Int64(buffer.count)
            }
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(StorageFault)
        -> Int
    {
        try storage.withNode(node, .read, name) { content, _ throws(StorageFault) in
            content.read(into: buffer, at: offset)
        }
    }

    func size() throws(StorageFault) -> Int64 {
        try storage.withNode(node, .size, name) { content, _ throws(StorageFault) in content.size }
    }

    func preallocate(_ size: Int64) throws(StorageFault) {
        try storage.withNode(node, .preallocate, name) { content, room throws(StorageFault) in
            if size - content.size > room { throw .full(file: name) }
            content.grow(to: size)
        }
    }

    func sync() throws(StorageFault) {
        try storage.withNode(node, .sync, name) { content, _ throws(StorageFault) in
            content.sync()
        }
    }
}

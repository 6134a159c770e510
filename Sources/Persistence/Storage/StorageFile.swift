/// An open file; closed with its last reference.
public protocol StorageFile: AnyObject, Sendable {
    /// Writes all the buffers, one after the other, from `offset` on.
    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int64) throws(StorageFault)
    /// Fills the buffer from `offset` on.
    ///
    /// - Returns: how many bytes were read; fewer than asked for only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(StorageFault)
        -> Int
    /// Bytes.
    func size() throws(StorageFault) -> Int64
    /// Makes the file `size` bytes long and takes the room for it, so that later writes within
    /// cannot find the disk full. What was not written reads as zeros.
    func preallocate(_ size: Int64) throws(StorageFault)
    /// Returns when everything written is on stable storage.
    func sync() throws(StorageFault)
}

extension StorageFile {
    func write(_ bytes: [UInt8], at offset: Int64) throws(StorageFault) {
        var outcome: Result<Void, StorageFault> = .success(())
        bytes.withUnsafeBytes { buffer in
            outcome = Result { () throws(StorageFault) in try write([buffer], at: offset) }
        }
        try outcome.get()
    }
}

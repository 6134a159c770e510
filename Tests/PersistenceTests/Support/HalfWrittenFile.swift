import Persistence

/// A file whose first readings do not yet show the last bytes that are being written to it.
final class HalfWrittenFile: StorageFile {
    private let file: any StorageFile
    /// Bytes from the start of the file; what stands behind is not there yet.
    private let writtenUntil: Int64
    private let readings: Countdown

    init(_ file: any StorageFile, writtenUntil: Int64, readings: Int) {
        self.file = file
        self.writtenUntil = writtenUntil
        self.readings = Countdown(readings)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(StorageFault)
        -> Int
    {
        let count = try file.read(into: buffer, at: offset)
        if readings.next() {
            for index in 0..<count where offset + Int64(index) >= writtenUntil {
                buffer[index] = 0
            }
        }
        return count
    }

    func size() throws(StorageFault) -> Int64 { try file.size() }

    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int64) {
        preconditionFailure("the file is only read")
    }

    func preallocate(_ size: Int64) { preconditionFailure("the file is only read") }

    func sync() { preconditionFailure("the file is only read") }
}

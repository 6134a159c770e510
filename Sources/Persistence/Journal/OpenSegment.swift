/// The segment that records go into.
struct OpenSegment: Sendable {
    var name: String
    var file: any StorageFile
    /// Bytes, all of them preallocated.
    var capacity: Int64
    /// Where the next record goes.
    var end: Int64
    /// Up to where blocks were written before, with records or with zeros.
    var writtenUntil: Int64
    /// Only for records that may use the reserve.
    var isReserve: Bool

    var hasRecords: Bool { end > Int64(FileHeader.size) }

    func hasRoom(for bytes: Int, mayUseReserve: Bool) -> Bool {
        end + Int64(bytes) <= capacity && (!isReserve || mayUseReserve)
    }
}

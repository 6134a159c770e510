/// One record of the journal, and where it stands.
public struct InspectedRecord: Sendable {
    public var fields: RecordFields
    public var payload: [UInt8]
    public var file: String
    /// Bytes from the start of the file.
    public var offset: Int64
    /// Of the record, its header and padding included.
    public var bytes: Int
    /// Of the chain, up to and with this record.
    public var digest: ChainDigest
}

import Persistence

/// One life of a process that has a data directory: opened, recovered, writing.
struct Process {
    static let rulesVersion: UInt32 = 7

    let directory: DataDirectory
    let journal: SegmentedJournal
    let report: RecoveryReport
    let replayed: Collector

    /// Small enough for a journal of several segments in a few kilobytes.
    static var limits: PersistenceLimits {
        var limits = PersistenceLimits()
        limits.segmentBytes = 4096
        limits.reserveBytes = 2048
        limits.maximumRecordBytes = 3072
        limits.maximumChunkBytes = 1024
        limits.zeroAheadBytes = 1024
        limits.readBytes = 512
        limits.snapshotWriteBytes = 512
        limits.snapshotSyncBytes = 1024
        return limits
    }

    init(_ storage: any Storage, limits: PersistenceLimits = Process.limits) throws {
        directory = try DataDirectory.open(
            storage, rulesVersion: Self.rulesVersion, limits: limits)
        replayed = Collector()
        let recovered = try Recovery.run(directory, into: replayed)
        journal = recovered.journal
        report = recovered.report
    }

    /// A payload that depends on its record's first sequence only.
    static func payload(_ sequence: UInt64, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: sequence &* 31 &+ UInt64($0) &* 7 &+ 1) }
    }

    /// Appends one record that follows the last one.
    func append(bytes: Int = 100, count: UInt32 = 3, mayUseReserve: Bool = false) throws {
        let first = journal.lastSequence + 1
        let fields = RecordFields(
            kind: UInt8(truncatingIfNeeded: first), firstSequence: first, count: count,
            timestamp: Int64(first) * 1000)
        try Self.payload(first, bytes: bytes).withUnsafeBytes { payload in
            // In two parts, because payloads come in parts.
            let half = payload.count / 2
            try journal.append(
                fields,
                payload: [
                    UnsafeRawBufferPointer(rebasing: payload[..<half]),
                    UnsafeRawBufferPointer(rebasing: payload[half...]),
                ], mayUseReserve: mayUseReserve)
        }
    }

    func append(records: Int, bytes: Int = 100, count: UInt32 = 3) throws {
        for _ in 0..<records {
            try append(bytes: bytes, count: count)
        }
    }

    /// A snapshot of the present position.
    @discardableResult
    func snapshot(chunks: [(UInt8, [UInt8])] = Process.chunks) throws -> SnapshotSummary {
        let writer = try SnapshotWriter(
            directory, sequence: journal.lastSequence,
            timestamp: Int64(journal.lastSequence) * 1000, chainDigest: journal.chainDigest)
        for (kind, content) in chunks {
            try content.withUnsafeBytes { bytes throws in
                try writer.appendChunk(kind: kind, bytes)
            }
        }
        return try writer.finish()
    }

    static let chunks: [(UInt8, [UInt8])] = [
        (1, payload(1, bytes: 300)), (2, []), (3, payload(3, bytes: 1001)), (1, [9]),
    ]

    static var chunkEvents: [Collector.Event] { chunks.map { .chunk($0.0, $0.1) } }
}

import Crypto
import Persistence

/// A directory with a journal and snapshots, and what was written into them.
struct WrittenDirectory {
    let storage: MemoryStorage
    /// What reading them tells.
    private(set) var records: [Collector.Event] = []
    /// What reading each tells, by its sequence.
    private(set) var snapshots: [UInt64: [Collector.Event]] = [:]
    private(set) var lastSequence: UInt64 = 0
    /// What is known to be durable: the journal must reach it.
    private(set) var mark: UInt64 = 0

    /// - Parameter input: decides how many records there are, how large, in how many segments.
    init(_ input: inout FuzzInput, withSnapshots: Bool) throws {
        storage = MemoryStorage()
        try storage.replace("key", with: Self.key)
        let process = try Process(storage)
        let settings = input.byte()
        let rounds = withSnapshots ? Int(settings >> 4 & 3) : 0
        for round in 0...rounds {
            if round > 0 {
                try append(to: process, &input)
                try takeSnapshot(of: process, &input)
            }
            for _ in 0..<settings % 4 {
                try append(to: process, &input)
            }
        }
        if settings & 0x80 != 0 {
            try process.journal.close()
            mark = lastSequence
        }
    }

    private mutating func append(to process: Process, _ input: inout FuzzInput) throws {
        let shape = input.byte()
        let first = lastSequence + 1
        if shape & 7 == 7 {
            try process.journal.roll()
            mark = lastSequence
        }
        let bytes = 3 * Int(input.byte())
        let count = UInt32(shape >> 3 & 3) + 1
        try process.append(bytes: bytes, count: count)
        let fields = RecordFields(
            kind: UInt8(truncatingIfNeeded: first), firstSequence: first, count: count,
            timestamp: Int64(first) * 1000)
        records.append(.record(fields, Process.payload(first, bytes: bytes)))
        lastSequence = fields.lastSequence
    }

    private mutating func takeSnapshot(of process: Process, _ input: inout FuzzInput) throws {
        let chunks = (0..<input.number(below: 4)).map { number in
            (UInt8(number), Process.payload(UInt64(number), bytes: 4 * Int(input.byte())))
        }
        try process.snapshot(chunks: chunks)
        snapshots[lastSequence] = chunks.map { .chunk($0.0, $0.1) }
        mark = lastSequence
    }

    /// The same in every process, so that an input always means the same bytes.
    private static let key: [UInt8] = {
        let content = Array("TALLYKEY".utf8) + [1, 0, 0, 0, 0, 0, 0, 0] + Array(1...16)
        return content + Array(SHA256.hash(data: content).prefix(16))
    }()
}

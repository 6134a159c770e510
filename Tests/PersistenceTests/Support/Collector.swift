import Persistence

/// Remembers everything that was replayed into it.
final class Collector: ReplayTarget {
    enum Event: Equatable {
        case begin(UInt64?)
        case chunk(UInt8, [UInt8])
        case endSnapshot
        case record(RecordFields, [UInt8])
    }

    private(set) var events: [Event] = []
    /// Thrown by the next record.
    var fault: (any Error)?

    var records: [(RecordFields, [UInt8])] {
        events.compactMap { event in
            if case .record(let fields, let payload) = event { (fields, payload) } else { nil }
        }
    }

    var lastSequence: UInt64? { records.last?.0.lastSequence }

    func begin(_ snapshot: SnapshotHeader?) {
        events.append(.begin(snapshot?.sequence))
    }

    func chunk(kind: UInt8, _ content: UnsafeRawBufferPointer) {
        check(content)
        events.append(.chunk(kind, Array(content)))
    }

    func endSnapshot() {
        events.append(.endSnapshot)
    }

    func record(_ fields: RecordFields, payload: UnsafeRawBufferPointer) throws {
        if let fault { throw fault }
        check(payload)
        events.append(.record(fields, Array(payload)))
    }

    private func check(_ bytes: UnsafeRawBufferPointer) {
        precondition(
            bytes.isEmpty || Int(bitPattern: bytes.baseAddress) % 8 == 0,
            "what is replayed is not aligned to 8 bytes")
    }
}

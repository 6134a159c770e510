/// Takes the chunks of a snapshot and makes of them the machines that wrote it; the number of
/// shards may be another.
package struct SnapshotRestoration {
    /// A chunk is not of the form that this version writes, although its digest is right.
    struct Malformed: Error {}

    private var catalogueBytes: [UInt8] = []
    private var machines: [BallotMachine]
    private(set) var erasures = ErasureLedger.Class.none
    /// By partition: the machine that owns it.
    private let owners: [Int]

    package init(ballotShards: Int) {
        let ranges = Partition.ranges(shards: ballotShards)
        machines = ranges.map { BallotMachine(partitions: $0) }
        owners = ranges.enumerated().flatMap {
            Array(repeating: $0.offset, count: $0.element.count)
        }
    }

    package mutating func take(kind: UInt8, _ bytes: UnsafeRawBufferPointer) throws {
        switch SnapshotChunk(rawValue: kind) {
        case .catalogue: catalogueBytes.append(contentsOf: bytes)
        case .locks: try takeLocks(bytes)
        case .frozen: try takeFrozen(bytes)
        case .accounts: try takeAccounts(bytes)
        case .erasures:
            var reader = ByteReader(bytes)
            erasures.count = try reader.integer(UInt64.self)
            erasures.since = Instant(milliseconds: try reader.integer(Int64.self))
            guard reader.isAtEnd, erasures.count > 0 else { throw Malformed() }
        case nil: throw Malformed()
        }
    }

    /// The state that the snapshot held.
    package mutating func finish() throws -> (catalogue: Catalogue, machines: [BallotMachine]) {
        let catalogue = try catalogueBytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            let catalogue = try reader.catalogue()
            guard reader.isAtEnd else { throw Malformed() }
            return catalogue
        }
        for index in machines.indices { machines[index].adopt(catalogue) }
        return (catalogue, machines)
    }

    private mutating func takeLocks(_ bytes: UnsafeRawBufferPointer) throws {
        var reader = ByteReader(bytes)
        while !reader.isAtEnd {
            machines[0].locks.lock(
                phase: try reader.integer(UInt32.self), proposal: try reader.integer(UInt32.self))
        }
    }

    private mutating func takeFrozen(_ bytes: UnsafeRawBufferPointer) throws {
        var reader = ByteReader(bytes)
        let phase = try reader.integer(UInt32.self)
        let optionCount = Int(try reader.integer(UInt32.self))
        let voters = try reader.integer(Int64.self)
        let start = Int(try reader.integer(UInt32.self))
        let count = Int(try reader.integer(UInt32.self))
        guard optionCount > 0 else { throw Malformed() }
        machines[0].frozen.addVoters(voters, phase: phase, of: optionCount)
        for cell in start..<start + count {
            machines[0].frozen.add(
                try reader.integer(Int64.self), phase: phase,
                proposal: UInt32(cell / optionCount), option: cell % optionCount, of: optionCount)
        }
        guard reader.isAtEnd else { throw Malformed() }
    }

    private mutating func takeAccounts(_ bytes: UnsafeRawBufferPointer) throws {
        let headBytes = 24
        var offset = 0
        while offset < bytes.count {
            guard bytes.count - offset >= headBytes else { throw Malformed() }
            let key = AccountKey(
                low: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                high: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
            let count = Int(bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self))
            offset += headBytes
            guard (bytes.count - offset) / 8 >= count else { throw Malformed() }
            let votes = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 8 * count])
            machines[owners[Partition.of(key)]].restore(key, votes)
            offset += 8 * count
        }
    }
}

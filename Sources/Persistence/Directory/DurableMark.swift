import Synchronization

/// The file `durable-mark`: a sequence that the journal reached durably, so that a journal which
/// has lost its end is not mistaken for a shorter one.
///
/// Two slots, at offsets 0 and 4096, written alternately; the valid one with the higher generation
/// counts, so that a write which is torn leaves the other. A slot has 64 bytes, integers
/// little-endian:
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | magic: `TMRK` |
/// | 4 | 4 | format version, 1 |
/// | 8 | 4 | rules version |
/// | 12 | 4 | 0 |
/// | 16 | 16 | fingerprint of the key |
/// | 32 | 8 | generation |
/// | 40 | 8 | sequence |
/// | 48 | 16 | checksum: first 16 bytes of SHA-256 over bytes 0–47 |
///
/// Between the slots there are zeros. The file is created with both slots (temporary file, sync, rename, sync of the directory); a
/// slot is written in place and synced, always after the records it speaks of.
final class DurableMark: Sendable {
    /// What the file says.
    struct Reading: Equatable, Sendable {
        var generation: UInt64
        var sequence: UInt64
        /// One slot is torn; the other one counts.
        var hasTornSlot: Bool
    }

    static let slotDistance = 4096
    private static let slotSize = 64
    private static let fileSize = slotDistance + slotSize
    /// `TMRK`
    private static let magic: UInt32 = 0x4B52_4D54
    private static let formatVersion: UInt32 = 1
    private static let checksumOffset = 48

    private struct State: Sendable {
        var file: (any StorageFile)?
        var generation: UInt64
        var sequence: UInt64
    }

    private let storage: any Storage
    private let identity: FileIdentity
    private let state: Mutex<State>

    init(storage: any Storage, identity: FileIdentity, reading: Reading) {
        self.storage = storage
        self.identity = identity
        state = Mutex(
            State(file: nil, generation: reading.generation, sequence: reading.sequence))
    }

    var sequence: UInt64 { state.withLock(\.sequence) }

    /// Returns when the mark is durably at `sequence` or beyond; no cost if it was.
    func advance(to sequence: UInt64) throws(StorageFault) {
        try state.withLock { state throws(StorageFault) in
            guard sequence > state.sequence else { return }
            let file =
                if let open = state.file { open } else {
                    try storage.open(FileName.durableMark, for: .update)
                }
            let generation = state.generation + 1
            try file.write(
                Self.slot(identity, generation: generation, sequence: sequence),
                at: Int64(generation % 2) * Int64(Self.slotDistance))
            try file.sync()
            state = State(file: file, generation: generation, sequence: sequence)
        }
    }

    static func create(
        in storage: any Storage, identity: FileIdentity, sequence: UInt64 = 0
    ) throws(StorageFault) -> Reading {
        var bytes = [UInt8](repeating: 0, count: fileSize)
        bytes.replaceSubrange(..<slotSize, with: slot(identity, generation: 0, sequence: sequence))
        bytes.replaceSubrange(
            slotDistance..., with: slot(identity, generation: 1, sequence: sequence))
        try storage.replace(FileName.durableMark, with: bytes)
        return Reading(generation: 1, sequence: sequence, hasTornSlot: false)
    }

    /// nil if there is no such file.
    static func read(from storage: any Storage, identity: FileIdentity) throws -> Reading? {
        guard let bytes = try storage.contents(of: FileName.durableMark, atMost: fileSize) else {
            return nil
        }
        guard bytes.count == fileSize else {
            throw Damage(
                file: FileName.durableMark, offset: Int64(bytes.count),
                reason: "the file is shorter than its two slots")
        }
        if let stray = bytes[slotSize..<slotDistance].firstIndex(where: { $0 != 0 }) {
            throw Damage(
                file: FileName.durableMark, offset: Int64(stray),
                reason: "there is something between the slots")
        }
        return try bytes.withUnsafeBytes { buffer in
            let slots = try [0, slotDistance].compactMap { offset in
                try reading(of: buffer.part(offset, slotSize), identity: identity)
            }
            guard var newest = slots.max(by: { $0.generation < $1.generation }) else {
                throw Damage(
                    file: FileName.durableMark, offset: 0, reason: "both slots are unreadable")
            }
            newest.hasTornSlot = slots.count < 2
            return newest
        }
    }

    private static func reading(of slot: UnsafeRawBufferPointer, identity: FileIdentity) throws
        -> Reading?
    {
        guard slot.field(0) == magic, Checksum.isSealed(slot, at: checksumOffset) else {
            return nil
        }
        let version: UInt32 = slot.field(4)
        guard version == formatVersion else {
            throw DirectoryFault.unknownFormat(
                file: FileName.durableMark, version: version, known: formatVersion)
        }
        let found = FileIdentity(
            rulesVersion: slot.field(8),
            fingerprint: KeyFingerprint(low: slot.field(16), high: slot.field(24)))
        try identity.check(found, of: FileName.durableMark)
        return Reading(
            generation: slot.field(32), sequence: slot.field(40), hasTornSlot: false)
    }

    private static func slot(_ identity: FileIdentity, generation: UInt64, sequence: UInt64)
        -> [UInt8]
    {
        var bytes = [UInt8](repeating: 0, count: slotSize)
        bytes.withUnsafeMutableBytes { buffer in
            buffer.setField(0, magic)
            buffer.setField(4, formatVersion)
            buffer.setField(8, identity.rulesVersion)
            buffer.setField(16, identity.fingerprint.low)
            buffer.setField(24, identity.fingerprint.high)
            buffer.setField(32, generation)
            buffer.setField(40, sequence)
            Checksum.seal(buffer, at: checksumOffset)
        }
        return bytes
    }
}

extension DurableMark {
    /// Without it, nobody could tell whether the journal has lost its end.
    static let missing = Damage(
        file: FileName.durableMark, offset: 0, reason: "the file is missing")
}

/// The accounts of one partition: extendible hashing over chunks.
///
/// It grows a chunk at a time: a full chunk is split in two by one more bit of the key, so that no
/// insertion costs more than one chunk, however many accounts there are.
package struct AccountTable: Sendable {
    /// By the lowest `depth` bits of the key's high half: an index into `chunks`.
    private var directory: [UInt32] = [0]
    private var depth = 0
    package private(set) var chunks: [AccountChunk] = [AccountChunk(depth: 0)]

    /// Where an account is, or would be: valid until the table is next written.
    package struct Place {
        var chunk: Int
        var index: Int
    }

    package init() {}

    @inline(__always)
    package func find(_ key: AccountKey) -> Place {
        let chunk = Int(directory[Int(truncatingIfNeeded: key.high) & (directory.count - 1)])
        return Place(chunk: chunk, index: chunks[chunk].find(key))
    }

    /// What the first slot looked at for this account holds: read ahead, so that the memory is near
    /// when the account is looked for. It may be another account's.
    @inline(__always)
    func firstSlot(for key: AccountKey) -> AccountSlot {
        let chunk = Int(directory[Int(truncatingIfNeeded: key.high) & (directory.count - 1)])
        return chunks[chunk].slots[AccountChunk.home(of: key)]
    }

    @inline(__always)
    package subscript(place: Place) -> AccountSlot {
        get { chunks[place.chunk].slots[place.index] }
        set { unique(place.chunk).slots[place.index] = newValue }
    }

    /// Adds an account that `find` did not find.
    package mutating func insert(_ slot: AccountSlot) {
        var place = find(slot.key)
        while chunks[place.chunk].count >= AccountChunk.fullCount {
            split(place.chunk, holding: slot.key)
            place = find(slot.key)
        }
        unique(place.chunk).insert(slot, at: place.index)
    }

    package mutating func remove(at place: Place) {
        unique(place.chunk).remove(at: place.index)
    }

    /// The chunk, not shared with a frozen copy of the table.
    @inline(__always)
    private mutating func unique(_ index: Int) -> AccountChunk {
        if !isKnownUniquelyReferenced(&chunks[index]) { chunks[index] = chunks[index].copy() }
        return chunks[index]
    }

    private mutating func split(_ index: Int, holding key: AccountKey) {
        let full = chunks[index]
        precondition(full.depth < 40, "accounts collide in 40 bits of a keyed hash")
        if full.depth == depth {
            directory += directory
            depth += 1
        }
        let bit = UInt64(1) << UInt64(full.depth)
        let zero = AccountChunk(depth: full.depth + 1)
        let one = AccountChunk(depth: full.depth + 1)
        for offset in 0..<AccountChunk.slotCount where full.slots[offset].size != 0 {
            let slot = full.slots[offset]
            let half = slot.key.high & bit == 0 ? zero : one
            half.insert(slot, at: half.find(slot.key))
        }
        chunks[index] = zero
        chunks.append(one)
        // The directory's entries of this chunk agree in its bits; every second one moves.
        var entry = Int(truncatingIfNeeded: key.high & (bit - 1)) | Int(bit)
        while entry < directory.count {
            directory[entry] = UInt32(chunks.count - 1)
            entry += Int(bit) * 2
        }
    }
}

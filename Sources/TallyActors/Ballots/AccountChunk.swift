/// A small open-addressing table of accounts: 2,048 slots of 24 bytes, 48 KiB.
///
/// The unit by which an account table grows and by which a snapshot shares state: whoever finds a
/// chunk shared copies it before writing.
///
/// `@unchecked Sendable`: a chunk is written only by the one machine that holds the only reference
/// to it (`isKnownUniquelyReferenced`); once a frozen copy of the table shares it, nobody writes.
package final class AccountChunk: @unchecked Sendable {
    package static let slotCount = 2048
    /// A chunk with more accounts than this is split in two before the next is added.
    package static let fullCount = slotCount * 4 / 5

    /// How many bits of the directory's index all accounts of the chunk share.
    package let depth: Int
    package private(set) var count = 0
    /// `slotCount` slots that live as long as the chunk; zeroed memory is all empty slots.
    package let slots: UnsafeMutablePointer<AccountSlot>

    package init(depth: Int) {
        self.depth = depth
        slots = .allocate(capacity: Self.slotCount)
        UnsafeMutableRawPointer(slots).initializeMemory(
            as: UInt8.self, repeating: 0,
            count: Self.slotCount * MemoryLayout<AccountSlot>.stride)
    }

    deinit { slots.deallocate() }

    package func copy() -> AccountChunk {
        let copy = AccountChunk(depth: depth)
        copy.slots.update(from: slots, count: Self.slotCount)
        copy.count = count
        SharedMemory.noteCopy(bytes: Self.slotCount * MemoryLayout<AccountSlot>.stride)
        return copy
    }

    @inline(__always)
    package static func home(of key: AccountKey) -> Int {
        Int(truncatingIfNeeded: key.low) & (slotCount - 1)
    }

    /// The index of the account's slot, or of the empty slot where it belongs.
    @inline(__always)
    package func find(_ key: AccountKey) -> Int {
        var index = Self.home(of: key)
        while true {
            let slot = slots + index
            if slot.pointee.size == AccountSlot.empty || slot.pointee.key == key { return index }
            index = (index + 1) & (Self.slotCount - 1)
        }
    }

    /// Fills the empty slot at `index`, which `find` returned for this key.
    package func insert(_ slot: AccountSlot, at index: Int) {
        precondition(count <= Self.fullCount, "a chunk of accounts overflows")
        slots[index] = slot
        count += 1
    }

    /// Empties a slot and moves back what stood behind it only because it was taken.
    package func remove(at index: Int) {
        let mask = Self.slotCount - 1
        var hole = index
        var next = (hole + 1) & mask
        while slots[next].size != AccountSlot.empty {
            let distance = (next - Self.home(of: slots[next].key)) & mask
            if distance >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = AccountSlot(key: AccountKey(low: 0, high: 0), block: 0, size: 0)
        count -= 1
    }
}

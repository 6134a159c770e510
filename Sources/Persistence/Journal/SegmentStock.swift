/// The preallocated files that segments are made of: one spare, and the reserve.
struct SegmentStock: Sendable {
    private let storage: any Storage
    private let limits: PersistenceLimits
    private var hasSpare: Bool
    private var hasReserve: Bool

    init(storage: any Storage, limits: PersistenceLimits, hasSpare: Bool, hasReserve: Bool) {
        self.storage = storage
        self.limits = limits
        self.hasSpare = hasSpare
        self.hasReserve = hasReserve
    }

    /// Makes what is missing; the reserve first, because it is there for the worst case.
    mutating func replenish() throws(StorageFault) {
        if !hasReserve {
            try preallocate(FileName.reserve, limits.reserveBytes)
            hasReserve = true
        }
        if !hasSpare {
            try preallocate(FileName.spare, limits.segmentBytes)
            hasSpare = true
        }
    }

    /// As `replenish`, but a full disk is no fault yet.
    mutating func replenishIfPossible() throws(StorageFault) {
        do {
            try replenish()
        } catch {
            guard case .full = error else { throw error }
        }
    }

    /// Takes a file out of the stock for a segment that has `bytes` of room for records.
    ///
    /// - Throws: `full` if there is none, or none that this record may have.
    mutating func take(roomFor bytes: Int, mayUseReserve: Bool) throws(StorageFault) -> String {
        do {
            try replenish()
        } catch {
            let fits = FileHeader.size + bytes <= limits.reserveBytes
            guard case .full = error, mayUseReserve, hasSpare || hasReserve && fits else {
                throw error
            }
        }
        if hasSpare {
            hasSpare = false
            return FileName.spare
        }
        hasReserve = false
        return FileName.reserve
    }

    private func preallocate(_ name: String, _ bytes: Int) throws(StorageFault) {
        let file = try storage.open(name, for: .create)
        do {
            try file.preallocate(Int64(bytes))
            try file.sync()
        } catch {
            // What a failed preallocation did take would be missing elsewhere. The fault that is
            // thrown is the first one.
            try? storage.remove(name)
            throw error
        }
    }
}

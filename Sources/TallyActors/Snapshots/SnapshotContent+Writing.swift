package import Persistence

extension SnapshotContent {
    /// Writes a new snapshot file, durable when this returns, and removes the files that it and the
    /// one before it supersede. Blocks the calling thread.
    ///
    /// - Parameters:
    ///   - erasing: removes what recovery put aside, too.
    ///   - rest: called between two pieces, with the bytes of the last one.
    package func write(
        into directory: DataDirectory, erasing: Bool = false,
        resting rest: (Int) -> Void = { _ in }
    ) -> Result<SnapshotSummary, StorageFault> {
        do throws(StorageFault) {
            let writer = try SnapshotWriter(
                directory, sequence: sequence, timestamp: instant.milliseconds,
                chainDigest: chainDigest)
            do throws(StorageFault) {
                try write(
                    to: writer, chunkBytes: directory.limits.maximumChunkBytes, resting: rest)
                let summary = try writer.finish()
                _ = try Retention.apply(to: directory, erasing: erasing)
                return .success(summary)
            } catch {
                writer.abandon()
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    /// Writes everything into a snapshot of this content's position. Blocks the calling thread.
    private func write(
        to writer: SnapshotWriter, chunkBytes: Int, resting rest: (Int) -> Void
    ) throws(StorageFault) {
        try writeCatalogue(to: writer, chunkBytes: chunkBytes)
        try writeLocks(to: writer, chunkBytes: chunkBytes)
        try writeFrozen(to: writer)
        if let since = erasures.since {
            var encoder = ByteWriter()
            encoder.integer(erasures.count)
            encoder.integer(since.milliseconds)
            try writer.append(.erasures, encoder.bytes[...])
        }
        for machine in ballots {
            for table in machine.tables {
                for chunk in table.chunks {
                    rest(
                        try Self.write(chunk, of: machine, to: writer, chunkBytes: chunkBytes))
                    progress.wroteChunk()
                }
            }
        }
    }

    private func writeCatalogue(
        to writer: SnapshotWriter, chunkBytes: Int
    ) throws(StorageFault) {
        var encoder = ByteWriter()
        encoder.catalogue(catalogue)
        var rest = encoder.bytes[...]
        repeat {
            try writer.append(.catalogue, rest.prefix(chunkBytes))
            rest = rest.dropFirst(chunkBytes)
        } while !rest.isEmpty
    }

    private func writeLocks(to writer: SnapshotWriter, chunkBytes: Int) throws(StorageFault) {
        var locks = VoteLocks()
        for machine in ballots { locks.formUnion(machine.locks) }
        var encoder = ByteWriter()
        for (phase, proposal) in locks.locked {
            if encoder.bytes.count + 8 > chunkBytes {
                try writer.append(.locks, encoder.bytes[...])
                encoder = ByteWriter()
            }
            encoder.integer(phase)
            encoder.integer(proposal)
        }
        try writer.append(.locks, encoder.bytes[...])
    }

    /// A chunk a phase and machine: at most 10,000 proposals of 256 options come in pieces of
    /// their own, which add up.
    private func writeFrozen(to writer: SnapshotWriter) throws(StorageFault) {
        let countsPerChunk = 8192
        for machine in ballots {
            for (number, phase) in machine.frozen.phases.enumerated() {
                guard let phase else { continue }
                var start = 0
                repeat {
                    let counts = phase.counts.dropFirst(start).prefix(countsPerChunk)
                    var encoder = ByteWriter()
                    encoder.integer(UInt32(number))
                    encoder.integer(UInt32(phase.optionCount))
                    encoder.integer(start == 0 ? phase.voters : 0)
                    encoder.integer(UInt32(start))
                    encoder.integer(UInt32(counts.count))
                    for count in counts { encoder.integer(count) }
                    try writer.append(.frozen, encoder.bytes[...])
                    start += countsPerChunk
                } while start < phase.counts.count
            }
        }
    }

    /// - Returns: how many bytes were written.
    private static func write(
        _ chunk: AccountChunk, of machine: BallotMachine, to writer: SnapshotWriter,
        chunkBytes: Int
    ) throws(StorageFault) -> Int {
        var encoder = ByteWriter()
        var bytes = 0
        let headBytes = 24
        for index in 0..<AccountChunk.slotCount {
            let slot = chunk.slots[index]
            guard slot.size != AccountSlot.empty else { continue }
            let isDeleted = slot.size == AccountSlot.tombstone
            // Votes of removed phases are not written, even if memory is not yet swept of them.
            let swept = machine.isSweeping && !isDeleted ? machine.presentVotes(slot) : nil
            if swept?.isEmpty == true { continue }
            let count = isDeleted ? 0 : swept?.count ?? Int(slot.size)
            var start = 0
            repeat {
                var room = chunkBytes - encoder.bytes.count - headBytes
                if room < 8 * min(count - start, 1024) {
                    try writer.append(.accounts, encoder.bytes[...])
                    bytes += encoder.bytes.count
                    encoder = ByteWriter()
                    room = chunkBytes - headBytes
                }
                let part = min(count - start, room / 8)
                encoder.integer(slot.key.low)
                encoder.integer(slot.key.high)
                encoder.integer(UInt32(part))
                encoder.integer(UInt32(0))
                for vote in start..<start + part {
                    let word = swept?[vote] ?? machine.store.vote(slot, at: vote)
                    encoder.integer(word.raw)
                }
                start += part
            } while start < count
        }
        try writer.append(.accounts, encoder.bytes[...])
        return bytes + encoder.bytes.count
    }
}

extension SnapshotWriter {
    /// Nothing is written for no bytes.
    fileprivate func append(
        _ kind: SnapshotChunk, _ bytes: ArraySlice<UInt8>
    ) throws(StorageFault) {
        guard !bytes.isEmpty else { return }
        // `withUnsafeBytes` does not pass typed errors on.
        let fault = bytes.withUnsafeBytes { buffer -> StorageFault? in
            do throws(StorageFault) {
                try appendChunk(kind: kind.rawValue, buffer)
                return nil
            } catch {
                return error
            }
        }
        if let fault { throw fault }
    }
}

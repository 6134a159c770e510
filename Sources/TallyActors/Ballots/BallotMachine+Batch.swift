extension BallotMachine {
    /// Commands whose memory is fetched together: enough to keep the memory busy, few enough that
    /// what was fetched is still near when it is used.
    private static let window = 16

    /// Applies the commands of a batch whose accounts this machine owns.
    ///
    /// Accounts lie all over memory, and a vote is little work beside the wait for its account. So a
    /// window of accounts is read first, each independent of the others, and the processor waits
    /// for all of them at once.
    mutating func apply(_ batch: CommandBatch, counting statistics: inout BallotStatistics) {
        let commands = batch.commandBuffer
        let outcomes = batch.outcomeBuffer
        var start = 0
        while start < commands.count {
            let end = min(start + Self.window, commands.count)
            fetch(commands, start..<end)
            while start < end {
                let command = commands[start]
                let next = start + command.placeCount
                if owns(command.account) {
                    let outcome = apply(
                        command,
                        votes: UnsafeBufferPointer(rebasing: commands[start + 1..<next]))
                    outcomes[start] = outcome
                    statistics.count(outcome)
                    if outcome.ignoresAccount, isDeleted(command.account) {
                        statistics.countOtherNamingOfDeleted()
                    }
                }
                start = next
            }
        }
    }

    private func isDeleted(_ account: AccountKey) -> Bool {
        let partition = Partition.of(account) - partitions.lowerBound
        let place = tables[partition].find(account)
        return tables[partition][place].size == AccountSlot.tombstone
    }

    @inline(__always)
    private mutating func fetch(_ commands: UnsafeBufferPointer<Command>, _ range: Range<Int>) {
        var slots = InlineArray<16, AccountSlot>(
            repeating: AccountSlot(key: AccountKey(low: 0, high: 0), block: 0, size: 0))
        var sum: UInt64 = 0
        for index in range where owns(commands[index].account) {
            let account = commands[index].account
            let slot = tables[Partition.of(account) - partitions.lowerBound].firstSlot(for: account)
            slots[index - range.lowerBound] = slot
            sum &+= slot.key.low
        }
        for index in 0..<range.count { sum &+= store.firstWord(of: slots[index]) }
        fetched &+= sum
    }
}

extension Outcome {
    /// The command was refused before its account was looked at.
    @inline(__always)
    fileprivate var ignoresAccount: Bool {
        let code = UInt8(truncatingIfNeeded: raw)
        return code == Code.unknownPhase.rawValue || code == Code.unknownProposal.rawValue
            || code == Code.invalidVote.rawValue
    }
}

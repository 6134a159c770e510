import TallyActors

/// The votes of a whole ballot as a client wrote them, before the catalogue is asked. One draft
/// serves ballot after ballot, so that reading one allocates nothing.
///
/// Its names point into the text that was read, or into a scratch: it is judged while these last.
struct BallotDraft {
    struct Entry {
        var proposal = UnsafeRawBufferPointer(start: nil, count: 0)
        var carried = CarriedFields()
        var seen: VoteFields.Keys = []
    }

    private var entries: [Entry] = []

    var isFull: Bool { entries.count == CommandBatch.maximumBallotVotes }

    mutating func clear() {
        entries.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    mutating func append(_ entry: Entry) {
        entries.append(entry)
    }

    /// Reads the array of votes: `[{"proposal":"p","rank":1},…]`.
    mutating func read(_ reader: inout JSONReader) throws(JSONFault) {
        clear()
        try reader.beginArray()
        while try reader.nextElement() {
            guard !isFull else { throw reader.fault(.tooManyVotes) }
            append(try Self.readEntry(&reader))
        }
    }

    private static func readEntry(_ reader: inout JSONReader) throws(JSONFault) -> Entry {
        var entry = Entry()
        try reader.beginObject()
        while let name = try reader.nextKey() {
            guard let key = VoteFields.Keys(named: name) else { throw reader.fault(.unknownKey) }
            guard entry.seen.note(key) else { throw reader.fault(.repeatedKey) }
            if key == .proposal {
                entry.proposal = try reader.readString()
                guard Identifier.isValid(entry.proposal) else {
                    throw reader.fault(.invalidIdentifier)
                }
            } else if VoteFields.Keys.content.contains(key) {
                try entry.carried.read(key, &reader)
            } else {
                throw reader.fault(.unknownKey)
            }
        }
        guard entry.seen.contains(.proposal) else {
            throw reader.fault(.missingKey("proposal"))
        }
        return entry
    }

    /// Makes of the entries the casts of an account.
    ///
    /// Of two faults the one that the contract names first is reported, wherever they stand. That
    /// no proposal stands there twice is judged where the ballot takes effect.
    ///
    /// - Parameter votes: set when nothing was refused.
    func judge(
        of account: AccountKey, in phase: PhaseEntry, into votes: inout [Command]
    ) -> Refusal? {
        votes.removeAll(keepingCapacity: true)
        let content = phase.kind.content
        var isInvalid = false
        for entry in entries {
            guard let proposal = phase.proposal(named: entry.proposal) else {
                return .unknownProposal
            }
            guard let value = phase.value(of: entry.carried, entry.seen, as: content) else {
                isInvalid = true
                continue
            }
            votes.append(
                .cast(account, phase: phase.number, proposal: proposal, value: value, as: content))
        }
        return isInvalid ? .invalidVote : nil
    }
}

extension JSONFault {
    /// What the contract calls it where a vote or a ballot is read.
    var voteRefusal: Refusal { reason == .tooManyVotes ? .tooLarge : .malformed }
}

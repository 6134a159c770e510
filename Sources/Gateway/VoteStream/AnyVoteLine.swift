import TallyActors

/// A line of the vote stream in any shape that JSON allows.
enum AnyVoteLine {
    /// - Parameter ballot: takes the votes of a whole ballot.
    /// - Returns: `malformed`, whatever keys the route requires, or `too-large` for a ballot with
    ///   too many votes.
    static func read(
        _ reader: inout JSONReader, _ ballot: inout BallotDraft
    ) -> Result<VoteFields, Refusal> {
        var fields = VoteFields()
        do throws(JSONFault) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                guard try readMember(key, &reader, into: &fields, &ballot) else {
                    return .failure(.malformed)
                }
            }
            try reader.finish()
            return .success(fields)
        } catch {
            return .failure(error.voteRefusal)
        }
    }

    private static func readMember(
        _ name: UnsafeRawBufferPointer, _ reader: inout JSONReader, into fields: inout VoteFields,
        _ ballot: inout BallotDraft
    ) throws(JSONFault) -> Bool {
        guard let key = VoteFields.Keys(named: name), fields.note(key) else { return false }
        switch key {
        case .choice, .rank, .points:
            try fields.carried.read(key, &reader)
        case .withdraw:
            // `false` would be a vote that says of itself that it is none: too doubtful to count.
            return try reader.readBoolean()
        case .votes:
            try ballot.read(&reader)
        default:
            let value = try reader.readString()
            guard Identifier.isValid(value) else { return false }
            switch key {
            case .consultation: fields.consultation = value
            case .phase: fields.phase = value
            case .proposal: fields.proposal = value
            default: fields.account = value
            }
        }
        return true
    }
}

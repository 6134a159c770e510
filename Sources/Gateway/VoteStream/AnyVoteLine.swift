import TallyActors

/// A line of the vote stream in any shape that JSON allows.
enum AnyVoteLine {
    /// - Returns: nil for what is malformed, whatever keys the route requires.
    static func read(_ reader: inout JSONReader) -> VoteFields? {
        var fields = VoteFields()
        do {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                guard try readMember(key, &reader, into: &fields) else { return nil }
            }
            try reader.finish()
            return fields
        } catch {
            return nil
        }
    }

    private static func readMember(
        _ name: UnsafeRawBufferPointer, _ reader: inout JSONReader, into fields: inout VoteFields
    ) throws(JSONFault) -> Bool {
        guard let key = key(named: name), fields.note(key) else { return false }
        switch key {
        case .choice:
            fields.choice = try reader.readString()
        case .withdraw:
            // `false` would be a vote that says of itself that it is none: too doubtful to count.
            return try reader.readBoolean()
        case .rank, .points:
            _ = try reader.readInteger()
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

    private static func key(named name: UnsafeRawBufferPointer) -> VoteFields.Keys? {
        if name.equals("consultation") { return .consultation }
        if name.equals("phase") { return .phase }
        if name.equals("proposal") { return .proposal }
        if name.equals("account") { return .account }
        if name.equals("choice") { return .choice }
        if name.equals("withdraw") { return .withdraw }
        if name.equals("rank") { return .rank }
        if name.equals("points") { return .points }
        return nil
    }
}

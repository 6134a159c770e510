import TallyActors

extension DefinitionDraft {
    private enum Key: String, CaseIterable {
        case title
        case timeZone = "time_zone"
        case phases
    }

    static func read(_ reader: inout JSONReader) throws(JSONFault) -> DefinitionDraft {
        var draft = DefinitionDraft()
        var keys = ObjectKeys<Key>()
        try reader.beginObject()
        while let key = try keys.next(&reader) {
            switch key {
            case .title: draft.title = try Title.read(&reader)
            case .timeZone: draft.timeZone = try reader.readText()
            case .phases:
                try reader.beginArray()
                while try reader.nextElement() { draft.phases.append(try Phase.read(&reader)) }
            }
        }
        try keys.require(.phases, in: reader)
        return draft
    }
}

extension DefinitionDraft.Phase {
    private enum Key: String, CaseIterable {
        case id
        case title
        case opensAt = "opens_at"
        case closesAt = "closes_at"
        case ballot
        case results
        case proposals
    }

    fileprivate static func read(
        _ reader: inout JSONReader
    ) throws(JSONFault) -> DefinitionDraft.Phase {
        var phase = DefinitionDraft.Phase()
        var keys = ObjectKeys<Key>()
        try reader.beginObject()
        while let key = try keys.next(&reader) {
            switch key {
            case .id: phase.id = try reader.readIdentifier()
            case .title: phase.title = try Title.read(&reader)
            case .opensAt: phase.opensAt = try reader.readText()
            case .closesAt: phase.closesAt = try reader.readText()
            case .ballot: phase.ballot = try DefinitionDraft.Ballot.read(&reader)
            case .results: phase.results = try reader.readText()
            case .proposals:
                try reader.beginArray()
                while try reader.nextElement() {
                    let proposal = try DefinitionDraft.Proposal.read(&reader)
                    guard proposal.id != nil else { throw reader.fault(.missingKey("id")) }
                    phase.proposals.append(proposal)
                }
            }
        }
        try keys.require(.id, .ballot, .proposals, in: reader)
        return phase
    }
}

extension DefinitionDraft.Ballot {
    private enum Key: String, CaseIterable {
        case kind
        case choices
        case maxVotes = "max_votes"
        case minVotes = "min_votes"
        case budget
        case maxPoints = "max_points"
        case maxPointsPerProposal = "max_points_per_proposal"
    }

    fileprivate static func read(
        _ reader: inout JSONReader
    ) throws(JSONFault) -> DefinitionDraft.Ballot {
        var ballot = DefinitionDraft.Ballot()
        var keys = ObjectKeys<Key>()
        try reader.beginObject()
        while let key = try keys.next(&reader) {
            switch key {
            case .kind: ballot.kind = try reader.readText()
            case .choices:
                var choices: [Identifier] = []
                try reader.beginArray()
                while try reader.nextElement() { choices.append(try reader.readIdentifier()) }
                ballot.choices = choices
            case .maxVotes, .minVotes, .budget, .maxPoints, .maxPointsPerProposal:
                guard let limit = BallotLimit(rawValue: key.rawValue) else {
                    preconditionFailure("a limit with another name than its key")
                }
                ballot.limits[limit] = try reader.readInteger()
            }
        }
        try keys.require(.kind, in: reader)
        return ballot
    }
}

extension DefinitionDraft.Proposal {
    private enum Key: String, CaseIterable {
        case id
        case title
        case cost
    }

    /// - Returns: a proposal that may lack its `id`: in a body of its own, the path has it.
    static func read(_ reader: inout JSONReader) throws(JSONFault) -> DefinitionDraft.Proposal {
        var proposal = DefinitionDraft.Proposal()
        var keys = ObjectKeys<Key>()
        try reader.beginObject()
        while let key = try keys.next(&reader) {
            switch key {
            case .id: proposal.id = try reader.readIdentifier()
            case .title: proposal.title = try Title.read(&reader)
            case .cost: proposal.cost = try reader.readInteger()
            }
        }
        return proposal
    }
}

extension Title {
    /// A string, or an object from language tag to string.
    fileprivate static func read(_ reader: inout JSONReader) throws(JSONFault) -> Title {
        if try reader.isAtString() { return .text(try reader.readText()) }
        var texts: [LanguageText] = []
        try reader.beginObject()
        while let tag = try reader.nextKey() {
            let tag = String(decoding: tag, as: UTF8.self)
            texts.append(LanguageText(tag: tag, text: try reader.readText()))
        }
        // By bytes: strings that are only equivalent are different keys of JSON.
        texts.sort { $0.tag.utf8.lexicographicallyPrecedes($1.tag.utf8) }
        for (one, next) in zip(texts, texts.dropFirst())
        where one.tag.utf8.elementsEqual(next.tag.utf8) {
            throw reader.fault(.repeatedKey)
        }
        return .byLanguage(texts)
    }
}

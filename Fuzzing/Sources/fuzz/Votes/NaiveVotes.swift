import Gateway
import TallyActors

/// What the contract says of lines and bodies, spelled out over trees of JSON.
enum NaiveVotes {
    /// nil for a blank line.
    static func line(_ line: [UInt8], route: VoteRoute) -> DecodedLine? {
        if isBlank(line) { return nil }
        guard line.count <= VoteLineDecoder.maximumLineLength else { return .refused(.tooLarge) }
        guard let members = NaiveJSONReader.read(line)?.members else { return .refused(.malformed) }
        var keys = Set(members.keys)
        let names: (consultation: [UInt8], phase: [UInt8])
        switch route {
        case .anyPhase:
            guard keys.remove("consultation") != nil, keys.remove("phase") != nil,
                let consultation = identifier(members["consultation"]),
                let phase = identifier(members["phase"])
            else { return .refused(.malformed) }
            names = (consultation, phase)
        case .phase(let consultation, let phase):
            names = (consultation.bytes, phase.bytes)
        }
        guard keys.remove("account") != nil, let account = identifier(members["account"]) else {
            return .refused(.malformed)
        }
        if keys == ["votes"] {
            return ballot(members["votes"], of: account, in: find(names.consultation, names.phase))
        }
        guard keys.remove("proposal") != nil, let proposal = identifier(members["proposal"]),
            members["withdraw"] == nil || members["withdraw"] == .boolean(true)
        else { return .refused(.malformed) }
        let withdraws = keys.remove("withdraw") != nil
        guard let content = content(members, keys) else { return .refused(.malformed) }
        let phase: PhaseEntry
        switch find(names.consultation, names.phase) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let found): phase = found
        }
        guard let number = phase.proposal(named: Identifier(validated: proposal)) else {
            return .refused(.unknownProposal)
        }
        let key = ParsingFixture.hash.key(of: account)
        if withdraws, content.isEmpty {
            return .command(.withdraw(key, phase: phase.number, proposal: number))
        }
        guard !withdraws, let value = value(content, in: phase) else {
            return .refused(.invalidVote)
        }
        return .command(
            .cast(
                key, phase: phase.number, proposal: number, value: value, as: phase.kind.content))
    }

    /// A line of the stream of deletions; nil for a blank one.
    static func deletion(_ line: [UInt8]) -> DecodedLine? {
        if isBlank(line) { return nil }
        guard line.count <= VoteLineDecoder.maximumLineLength else { return .refused(.tooLarge) }
        guard let members = NaiveJSONReader.read(line)?.members, members.count == 1,
            let account = identifier(members["account"])
        else { return .refused(.malformed) }
        return .command(.delete(ParsingFixture.hash.key(of: account)))
    }

    /// The body of a single vote.
    static func body(_ body: [UInt8], at place: Result<PhaseEntry, Refusal>) -> UnaryVote.Reading {
        guard let members = NaiveJSONReader.read(body)?.members,
            let content = content(members, Set(members.keys))
        else { return .refused(.malformed) }
        switch place {
        case .failure(let refusal): return .refused(refusal)
        case .success(let phase):
            return value(content, in: phase).map { .value($0) } ?? .refused(.invalidVote)
        }
    }

    /// The value of the key `votes`, nil where there is none.
    static func ballot(
        _ votes: JSONValue?, of account: [UInt8], in place: Result<PhaseEntry, Refusal>
    ) -> DecodedLine {
        guard case .array(let elements) = votes else { return .refused(.malformed) }
        var entries: [(proposal: Identifier, content: [[UInt8]: JSONValue])] = []
        for element in elements {
            guard let members = element.members, let name = identifier(members["proposal"]),
                let content = content(members, Set(members.keys).subtracting(["proposal"]))
            else { return .refused(.malformed) }
            entries.append((Identifier(validated: name), content))
        }
        let phase: PhaseEntry
        switch place {
        case .failure(let refusal): return .refused(refusal)
        case .success(let found): phase = found
        }
        guard entries.allSatisfy({ phase.proposal(named: $0.proposal) != nil }) else {
            return .refused(.unknownProposal)
        }
        let values = entries.map { value($0.content, in: phase) }
        guard !values.contains(nil) else { return .refused(.invalidVote) }
        let key = ParsingFixture.hash.key(of: account)
        let casts = zip(entries, values).map { entry, value in
            Command.cast(
                key, phase: phase.number, proposal: phase.proposal(named: entry.proposal)!,
                value: value!, as: phase.kind.content)
        }
        return .ballot(casts, of: key, in: phase.number)
    }

    static func isBlank(_ line: [UInt8]) -> Bool {
        line.allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
    }

    private static func find(
        _ consultation: [UInt8], _ phase: [UInt8]
    ) -> Result<PhaseEntry, Refusal> {
        guard
            let entry = ParsingFixture.catalogue.consultation(
                named: Identifier(validated: consultation))
        else { return .failure(.unknownConsultation) }
        return entry.phase(named: Identifier(validated: phase)).map { .success($0) }
            ?? .failure(.unknownPhase)
    }

    /// What a vote carries; nil if there is another key, or a value of another type.
    private static func content(
        _ members: [[UInt8]: JSONValue], _ keys: Set<[UInt8]>
    ) -> [[UInt8]: JSONValue]? {
        for key in keys {
            switch key {
            case "choice": guard members[key]?.string != nil else { return nil }
            case "rank", "points": guard members[key]?.integer != nil else { return nil }
            default: return nil
            }
        }
        return members.filter { keys.contains($0.key) }
    }

    private static func value(_ content: [[UInt8]: JSONValue], in phase: PhaseEntry) -> UInt32? {
        guard content.count <= 1 else { return nil }
        switch phase.kind {
        case .support, .budget:
            return content.isEmpty ? 0 : nil
        case .choice:
            guard let choice = content["choice"]?.string else { return nil }
            return choice.withUnsafeBytes { phase.choice(named: $0) }
        case .ranking, .points:
            let key: [UInt8] = phase.kind == .ranking ? "rank" : "points"
            guard let number = content[key]?.integer, 1...1_000_000 ~= number else { return nil }
            return UInt32(number)
        }
    }

    /// The bytes of a string that is an identifier.
    static func identifier(_ value: JSONValue?) -> [UInt8]? {
        guard let bytes = value?.string, 1...128 ~= bytes.count, bytes != ".", bytes != ".." else {
            return nil
        }
        let isPrintable = String(decoding: bytes, as: UTF8.self).unicodeScalars.allSatisfy {
            switch $0.value {
            case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: false
            default: true
            }
        }
        return isPrintable ? bytes : nil
    }
}

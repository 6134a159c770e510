package import TallyActors

/// The lines of the vote stream:
/// `{"consultation":"c","phase":"ph","proposal":"p","account":"a","choice":"agree"}`, or with
/// `"withdraw":true` in the place of what the vote carries, or, for a whole ballot, with
/// `"votes":[{"proposal":"p","choice":"agree"},…]` in the place of both and of the proposal.
package struct VoteLineGrammar: LineGrammar {
    /// The keys that the line of one vote has, beside what the vote carries.
    private let voteKeys: VoteFields.Keys
    /// The keys that the line of a whole ballot has.
    private let ballotKeys: VoteFields.Keys
    private let accountHash: SipHash128
    private var phases: PhaseFinder
    /// The length of the last account read: accounts of one platform mostly have the same.
    private var likelyAccountLength = 0
    /// Where unescaped strings go; as long as the longest line that needed it.
    private var scratch: [UInt8] = []
    private var ballot = BallotDraft()
    package private(set) var ballotVotes: [Command] = []

    package init(accountHash: SipHash128, route: VoteRoute) {
        self.accountHash = accountHash
        let places: VoteFields.Keys
        switch route {
        case .anyPhase:
            places = [.consultation, .phase]
            phases = PhaseFinder()
        case .phase(let consultation, let phase):
            places = []
            phases = PhaseFinder(always: (consultation, phase))
        }
        voteKeys = places.union([.account, .proposal])
        ballotKeys = places.union([.account, .votes])
    }

    /// The catalogue under which the next lines are decoded.
    package mutating func follow(_ catalogue: Catalogue) {
        phases.follow(catalogue)
    }

    package mutating func readUsual(
        _ start: UnsafeRawPointer, into reading: inout LineReading
    ) -> UnsafeRawPointer? {
        var fields = VoteFields()
        guard
            let end = UsualVoteLine.read(
                start, kept: phases, likelyAccountLength: likelyAccountLength, into: &fields,
                &ballot),
            isComplete(fields.seen)
        else { return nil }
        likelyAccountLength = fields.account.count
        if fields.beginningLength > 0 {
            phases.keepBeginning(
                UnsafeRawBufferPointer(start: start, count: fields.beginningLength))
        }
        reading = judge(fields)
        return end
    }

    package mutating func readAny(_ line: UnsafeRawBufferPointer) -> LineReading {
        // Taken out while it is used, so that judging may change everything else.
        var scratch: [UInt8] = []
        swap(&scratch, &self.scratch)
        defer { swap(&scratch, &self.scratch) }
        if scratch.count < line.count {
            scratch = Array(repeating: 0, count: line.count)
        }
        return scratch.withUnsafeMutableBytes { scratch in
            var reader = JSONReader(line, scratch: scratch)
            switch AnyVoteLine.read(&reader, &ballot) {
            case .failure(let refusal): return .refused(refusal)
            case .success(let fields):
                return isComplete(fields.seen) ? judge(fields) : .refused(.malformed)
            }
        }
    }

    /// Whether a line has all the keys that it needs, and none that does not belong there.
    @inline(__always)
    private func isComplete(_ keys: VoteFields.Keys) -> Bool {
        keys.subtracting(.carried) == voteKeys || keys == ballotKeys
    }

    /// Finds what the names stand for, then looks at what the vote carries: the order in which the
    /// contract reports errors.
    @inline(__always)
    private mutating func judge(_ fields: VoteFields) -> LineReading {
        let unfound =
            fields.kept == [.consultation, .phase]
            ? phases.findKept() : phases.find(fields.consultation, fields.phase)
        if let unfound { return .refused(unfound) }
        if fields.seen.contains(.votes) { return judgeBallot(of: fields.account) }
        guard let proposal = phases.proposal(named: fields.proposal) else {
            return .refused(.unknownProposal)
        }
        if fields.seen.intersection(.carried) == .withdraw {
            return .command(
                .withdraw(
                    accountHash.key(of: fields.account), phase: phases.number, proposal: proposal))
        }
        guard let value = phases.value(of: fields.carried, fields.seen) else {
            return .refused(.invalidVote)
        }
        return .command(
            .cast(
                accountHash.key(of: fields.account), phase: phases.number, proposal: proposal,
                value: value, as: phases.content))
    }

    /// Judges the votes that stand in the draft.
    @inline(never)
    private mutating func judgeBallot(of name: UnsafeRawBufferPointer) -> LineReading {
        let account = accountHash.key(of: name)
        if let refusal = ballot.judge(of: account, in: phases.found, into: &ballotVotes) {
            return .refused(refusal)
        }
        return .ballot(of: account, in: phases.number)
    }
}

/// Which votes a stream takes.
package enum VoteRoute: Sendable {
    /// `POST /v1/votes`: each line names its consultation and phase.
    case anyPhase
    /// `POST /v1/consultations/{c}/phases/{ph}/votes`: no line does.
    case phase(consultation: Identifier, phase: Identifier)
}

package import TallyActors

/// The lines of the vote stream:
/// `{"consultation":"c","phase":"ph","proposal":"p","account":"a","choice":"agree"}`, or with
/// `"withdraw":true` in the place of what the vote carries.
package struct VoteLineGrammar: LineGrammar {
    /// The keys that every line must have.
    let required: VoteFields.Keys
    private let accountHash: SipHash128
    private var phases: PhaseFinder
    /// The length of the last account read: accounts of one platform mostly have the same.
    private var likelyAccountLength = 0
    /// Where unescaped strings go; as long as the longest line that needed it.
    private var scratch: [UInt8] = []

    package init(accountHash: SipHash128, route: VoteRoute) {
        self.accountHash = accountHash
        switch route {
        case .anyPhase:
            required = [.consultation, .phase, .proposal, .account]
            phases = PhaseFinder()
        case .phase(let consultation, let phase):
            required = [.proposal, .account]
            phases = PhaseFinder(always: (consultation, phase))
        }
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
                start, kept: phases, likelyAccountLength: likelyAccountLength, into: &fields),
            fields.seen.isSuperset(of: required), fitsRoute(fields.seen)
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
            guard let fields = AnyVoteLine.read(&reader),
                fields.seen.isSuperset(of: required), fitsRoute(fields.seen)
            else { return .refused(.malformed) }
            return judge(fields)
        }
    }

    /// On the route of one phase, consultation and phase are unknown keys.
    @inline(__always)
    private func fitsRoute(_ keys: VoteFields.Keys) -> Bool {
        required.contains(.phase) || keys.isDisjoint(with: [.consultation, .phase])
    }

    /// Finds what the names stand for, then looks at what the vote carries: the order in which the
    /// contract reports errors.
    @inline(__always)
    private mutating func judge(_ fields: VoteFields) -> LineReading {
        let unfound =
            fields.kept == [.consultation, .phase]
            ? phases.findKept() : phases.find(fields.consultation, fields.phase)
        if let unfound { return .refused(unfound) }
        guard let proposal = phases.proposal(named: fields.proposal) else {
            return .refused(.unknownProposal)
        }
        let carried = fields.seen.intersection([.choice, .withdraw, .rank, .points])
        if carried == .withdraw {
            return .command(
                .withdraw(
                    accountHash.key(of: fields.account), phase: phases.number, proposal: proposal))
        }
        var value: UInt32 = 0
        switch phases.kind {
        case .support:
            guard carried.isEmpty else { return .refused(.invalidVote) }
        case .choice:
            guard carried == .choice, let choice = phases.choice(named: fields.choice) else {
                return .refused(.invalidVote)
            }
            value = choice
        }
        return .command(
            .cast(
                accountHash.key(of: fields.account), phase: phases.number, proposal: proposal,
                value: value))
    }
}

/// Which votes a stream takes.
package enum VoteRoute: Sendable {
    /// `POST /v1/votes`: each line names its consultation and phase.
    case anyPhase
    /// `POST /v1/consultations/{c}/phases/{ph}/votes`: no line does.
    case phase(consultation: Identifier, phase: Identifier)
}

/// Compares the counts of the tally shards with a recount of all votes: the double entry, for ever.
///
/// The recount works on copies of the ballot shards' machines that share their memory with the
/// running ones, on a thread of its own; what it costs the shards is the copying of what they change
/// meanwhile. It begins again when at least `1 / budget` times as long as the last one took has passed.
package struct SelfAudit: Sendable {
    /// The share of the time that an audit may be under way.
    package static let budget = 0.01
    /// Milliseconds that lie at least between the beginnings of two audits.
    package static let minimumInterval: Int64 = 60_000

    private var nextAt: Int64
    private var beganAt: Int64?

    package init(monotonic: Int64) {
        nextAt = monotonic + Self.minimumInterval
    }

    /// Whether the next is to begin.
    ///
    /// - Parameter monotonic: milliseconds of a clock that never jumps.
    package func isDue(monotonic: Int64) -> Bool { beganAt == nil && monotonic >= nextAt }

    package mutating func begin(monotonic: Int64) {
        precondition(beganAt == nil, "two audits are under way")
        beganAt = monotonic
    }

    package mutating func end(monotonic: Int64) {
        guard let began = beganAt else { preconditionFailure("no audit is under way") }
        beganAt = nil
        let taken = Double(monotonic - began)
        nextAt = began + max(Self.minimumInterval, Int64(taken / Self.budget))
    }
}

/// What the self-audit last found.
public struct AuditStatus: Sendable, Equatable {
    /// Audits that were finished since the start.
    public var audits: UInt64 = 0
    /// The position whose counts were checked last; 0 before the first.
    public var sequence: UInt64 = 0
    /// When that was found; nil before the first.
    public var checkedAt: Instant?
    /// The first difference that was ever found, for people, without figures (results may be
    /// withheld); nil while there is none. From then on nothing is written any more.
    public var difference: String?

    public init() {}
}

/// The state at one position, as both rows have it.
package struct AuditedState: Sendable {
    package var cut: Cut
    package var machines: [BallotMachine]

    package init(cut: Cut, machines: [BallotMachine]) {
        self.cut = cut
        self.machines = machines
    }

    /// The first proposal or phase whose counts are not what the votes come to, for people.
    package func difference() -> String? {
        let catalogue = cut.catalogue
        var tally = TallyMachine(shard: 0, of: 1, position: 0)
        tally.configure(catalogue)
        for machine in machines { tally.restore([machine.recount()]) }
        let recounted = Cut(
            sequence: 0, asOf: cut.asOf, catalogue: .empty, phases: []
        ).advanced(
            to: cut.sequence, asOf: cut.asOf, catalogue: catalogue, parts: [tally.cut()])
        return cut.difference(from: recounted)
    }
}

extension Cut {
    /// The first place for which the other says otherwise, without figures.
    package func difference(from other: Cut) -> String? {
        for case let entry? in catalogue.phases {
            let left = counts(of: entry)
            let right = other.counts(of: entry)
            let place = "phase \(entry.id) of \(entry.consultation)"
            if left.voters != right.voters { return "the voters of \(place)" }
            for proposal in entry.proposalNumbers {
                let (counted, recounted) = (left.counts(of: proposal), right.counts(of: proposal))
                for option in 0..<entry.optionCount where counted[option] != recounted[option] {
                    let id = entry.proposalDefinition(proposal).map { "\($0.id)" } ?? "?"
                    return "a count of the proposal \(id) in \(place)"
                }
            }
            if let seal = entry.seal,
                Seal(of: entry, counts: right, at: seal.at).bytes != seal.bytes
            {
                return "the seal of \(place)"
            }
        }
        return nil
    }
}

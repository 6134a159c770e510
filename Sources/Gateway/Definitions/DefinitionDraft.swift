import TallyActors

/// A definition as it stands in a body: well-formed, its meaning not yet judged. Everything
/// malformed is found before anything invalid is reported.
struct DefinitionDraft {
    var title: Title?
    var timeZone: String?
    var phases: [Phase] = []

    struct Phase {
        var id: Identifier = ""
        var title: Title?
        var opensAt: String?
        var closesAt: String?
        var ballot = Ballot()
        var results: String?
        var proposals: [Proposal] = []
    }

    struct Ballot {
        var kind = ""
        var choices: [Identifier]?
        /// Any integers, also such as the kind does not have.
        var limits: [BallotLimit: Int64] = [:]
    }

    struct Proposal {
        var id: Identifier?
        var title: Title?
        var cost: Int64?
    }
}

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
        /// A rule that a ballot may have by the contract, but not yet here.
        var unofferedRule: String?
    }

    struct Proposal {
        var id: Identifier?
        var title: Title?
        var hasCost = false
    }
}

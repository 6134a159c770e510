import TallyActors

/// What of a tally is shown to whom.
package struct TallyView: Hashable, Sendable {
    package var scope: TallyScope
    /// Also what phases withhold until they close.
    package var showsWithheld: Bool

    package init(scope: TallyScope, showsWithheld: Bool) {
        self.scope = scope
        self.showsWithheld = showsWithheld
    }

    func withholds(_ phase: PhaseEntry) -> Bool { phase.isWithheld && !showsWithheld }
}

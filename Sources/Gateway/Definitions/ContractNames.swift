package import TallyActors

// What the contract calls the values of these types.

extension PhaseState {
    package var name: String {
        switch self {
        case .scheduled: "scheduled"
        case .open: "open"
        case .closed: "closed"
        }
    }
}

extension BallotKind {
    package var name: String {
        switch self {
        case .support: "support"
        case .choice: "choice"
        }
    }
}

extension ResultsVisibility {
    package var name: String {
        switch self {
        case .live: "live"
        case .afterClose: "after_close"
        }
    }
}

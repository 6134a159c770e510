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

extension ResultsVisibility {
    package var name: String {
        switch self {
        case .live: "live"
        case .afterClose: "after_close"
        }
    }

    /// nil for what the contract does not know.
    init?(named name: String) {
        switch name {
        case "live": self = .live
        case "after_close": self = .afterClose
        default: return nil
        }
    }
}

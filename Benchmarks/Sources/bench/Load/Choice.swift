/// What a vote says. The identifiers are those of the consultation of 2015 that Tally's demo replays.
enum Choice: UInt8, CaseIterable {
    case agree, mixed, disagree

    var text: String {
        switch self {
        case .agree: "agree"
        case .mixed: "mixed"
        case .disagree: "disagree"
        }
    }
}

/// The journal has no record of the sequence that was asked for.
public enum NoRecord: Error, Equatable, Sendable {
    /// The journal's files begin later (nil: there are none); what was before is in a snapshot.
    case tooEarly(UInt64, first: UInt64?, snapshot: UInt64?)
    case tooLate(UInt64, last: UInt64)
}

extension NoRecord: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooEarly(0, _, _):
            "sequences begin at 1"
        case .tooEarly(let sequence, nil, _):
            "there is no record \(sequence): the journal is empty"
        case .tooEarly(let sequence, let first?, let snapshot):
            "record \(sequence) is not in the journal any more: it begins at \(first)"
                + (snapshot.map { ", and the snapshots, the newest at \($0), hold the rest" } ?? "")
        case .tooLate(let sequence, let last):
            "there is no record \(sequence): the journal ends at \(last)"
        }
    }
}

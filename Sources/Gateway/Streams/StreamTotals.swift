import NIOCore
import TallyActors

/// What a stream's last line sums up.
struct StreamTotals {
    var counted = 0
    var replaced = 0
    var unchanged = 0
    var withdrawn = 0
    var pending = 0
    var deleted = 0
    var alreadyDeleted = 0
    var retracted = 0
    var frozen = 0
    var refused = 0

    /// - Returns: the refusal, if it is one.
    @inline(__always)
    mutating func count(_ outcome: Outcome) -> Refusal? {
        switch outcome.code {
        case .counted: counted += 1
        case .replaced: replaced += 1
        case .unchanged: unchanged += 1
        case .withdrawn: withdrawn += 1
        case .pending, .pendingReplaced: pending += 1
        case .deleted:
            deleted += 1
            retracted += outcome.retracted
            frozen += outcome.frozen
        case .alreadyDeleted: alreadyDeleted += 1
        default:
            refused += 1
            return outcome.code.refusal
        }
        return nil
    }

    /// As the audit log has them.
    var deletions: [(name: String, value: UInt64)] {
        [
            ("deleted", UInt64(deleted)), ("already_deleted", UInt64(alreadyDeleted)),
            ("refused", UInt64(refused)),
        ]
    }

    /// The last line of a stream of votes.
    func votesLine(lines: UInt64, sequence: UInt64) -> String {
        """
        {"done":true,"lines":\(lines),"counted":\(counted),"replaced":\(replaced),\
        "unchanged":\(unchanged),"withdrawn":\(withdrawn),"pending":\(pending),\
        "refused":\(refused),"sequence":\(sequence)}\n
        """
    }

    /// The last line of a stream of deletions.
    func deletionsLine(lines: UInt64, sequence: UInt64) -> String {
        """
        {"done":true,"lines":\(lines),"deleted":\(deleted),"already_deleted":\(alreadyDeleted),\
        "retracted":\(retracted),"frozen":\(frozen),"refused":\(refused),"sequence":\(sequence)}\n
        """
    }
}

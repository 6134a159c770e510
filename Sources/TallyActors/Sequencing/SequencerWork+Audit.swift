import Logging

// The self-audit: begins at a record boundary, runs on a thread of its own.

extension SequencerWork {
    mutating func beginAudit() {
        let monotonic = clock.read().monotonic
        audit.begin(monotonic: monotonic)
        let state = AuditedState(cut: rows.settledCut(), machines: rows.freeze())
        precondition(state.cut.sequence == position, "the rows are not at the last record")
        rows.host.background("tally.audit") { [post] in
            post(.audited(sequence: state.cut.sequence, difference: state.difference()))
        }
    }

    mutating func audited(sequence: UInt64, difference: String?) {
        audit.end(monotonic: clock.read().monotonic)
        statistics.audit.audits += 1
        statistics.audit.sequence = sequence
        statistics.audit.checkedAt = stamp()
        guard let difference, statistics.audit.difference == nil else { return }
        statistics.audit.difference = difference
        logger.critical(
            "the self-audit found a wrong count: nothing is written any more",
            metadata: ["position": "\(sequence)", "difference": "\(difference)"])
    }
}

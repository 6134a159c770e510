import TallyActors

/// The service's figures in the text format of Prometheus, version 0.0.4.
///
/// No sample is labelled by anything that is voted on. As long as a phase withholds its results,
/// no figure is given either from which the number of its votes could be told.
struct MetricsText {
    private var text = ""

    /// - Parameter catalogue: read after the status, so that no count in it can be of a phase that
    ///   withholds its results and that the catalogue does not know.
    static func render(
        _ status: ServiceStatus, _ catalogue: Catalogue, _ meter: LimitMeter, connections: Int
    ) -> String {
        let phases = catalogue.phases.compactMap { $0 }
        let isWithheld = phases.contains(where: \.isWithheld)
        var metrics = MetricsText()
        metrics.commands(status, isWithheld: isWithheld)
        if !isWithheld { metrics.votes(status) }
        metrics.definitions(phases, catalogue)
        metrics.journal(status, isWithheld: isWithheld)
        metrics.snapshots(status, isWithheld: isWithheld)
        metrics.storage(status)
        metrics.audit(status.sequencer.audit)
        metrics.erasure(status.sequencer.erasure)
        metrics.limits(meter, connections)
        return metrics.text
    }

    private mutating func family(
        _ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: UInt64)]
    ) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for (labels, value) in samples { text += "\(name)\(labels) \(value)\n" }
    }

    private mutating func family(_ name: String, _ type: String, _ help: String, _ value: UInt64) {
        family(name, type, help, [("", value)])
    }

    private mutating func commands(_ status: ServiceStatus, isWithheld: Bool) {
        var samples: [(labels: String, value: UInt64)] = []
        var accepted: UInt64 = 0
        for code in Outcome.Code.allCases {
            let count = status.ballots.outcomes[Int(code.rawValue)]
            if isWithheld, code.refusal == nil {
                accepted += count
            } else {
                samples.append(("{outcome=\"\(code.name)\"}", count))
            }
        }
        if isWithheld { samples.insert(("{outcome=\"accepted\"}", accepted), at: 0) }
        family(
            "tally_commands_total", "counter",
            "Commands on accounts that were applied since the start, by outcome.", samples)
        family(
            "tally_deleted_accounts", "gauge", "Deleted accounts that are remembered.",
            UInt64(status.ballots.tombstones))
    }

    private mutating func votes(_ status: ServiceStatus) {
        family(
            "tally_retracted_votes_total", "counter",
            "Votes in open phases that deletions of accounts took back.",
            status.ballots.retractedVotes)
        family(
            "tally_frozen_votes_total", "counter",
            "Votes in closed phases that deletions of accounts turned into sums.",
            status.ballots.frozenVotes)
        family("tally_votes", "gauge", "Votes held.", UInt64(status.ballots.votes))
        family(
            "tally_accounts", "gauge", "Accounts that hold votes.", UInt64(status.ballots.accounts))
    }

    private mutating func definitions(_ phases: [PhaseEntry], _ catalogue: Catalogue) {
        let states: [PhaseState] = [.scheduled, .open, .closed]
        family(
            "tally_phases", "gauge", "Phases by state.",
            states.map { state in
                ("{state=\"\(state.name)\"}", UInt64(phases.count { $0.state == state }))
            })
        family(
            "tally_withheld_phases", "gauge",
            "Phases whose results are withheld; above 0, some figures are left out here.",
            UInt64(phases.count(where: \.isWithheld)))
        family(
            "tally_seals", "gauge", "Seals of closed phases, those of removed ones included.",
            UInt64(phases.count { $0.seal != nil } + catalogue.removedSeals.count))
    }

    private mutating func journal(_ status: ServiceStatus, isWithheld: Bool) {
        family(
            "tally_position", "gauge", "The applied position of the journal.", status.position)
        family(
            "tally_journal_records_total", "counter", "Records made durable since the start.",
            status.sequencer.records)
        family(
            "tally_journal_commands_total", "counter", "Commands made durable since the start.",
            status.sequencer.commands)
        // A ballot takes as many bytes as it has votes.
        if isWithheld { return }
        family(
            "tally_journal_bytes_total", "counter",
            "Payload bytes of records made durable since the start.",
            status.sequencer.journalBytes)
    }

    private mutating func snapshots(_ status: ServiceStatus, isWithheld: Bool) {
        family(
            "tally_snapshots_total", "counter", "Snapshots written since the start.",
            status.sequencer.snapshots)
        family(
            "tally_snapshot_position", "gauge", "The journal position of the newest snapshot.",
            status.sequencer.snapshotSequence)
        family(
            "tally_snapshot_underway", "gauge", "1 while a snapshot is written.",
            status.sequencer.snapshotPercent == nil ? 0 : 1)
        family(
            "tally_snapshot_percent", "gauge",
            "How far the snapshot under way is, looked at once a second; 100 when there is none.",
            UInt64(status.sequencer.snapshotPercent ?? 100))
        family(
            "tally_snapshot_copied_bytes_total", "counter",
            "Memory that was copied since the start because a snapshot or an audit shared it.",
            status.copiedBytes)
        // A snapshot takes as many bytes as there are accounts and votes.
        if isWithheld { return }
        family(
            "tally_snapshot_bytes", "gauge", "Size of the newest snapshot written since the start.",
            status.sequencer.snapshotBytes)
    }

    private mutating func storage(_ status: ServiceStatus) {
        family(
            "tally_clock_trusted", "gauge",
            "1 when the wall clock is believed and timed transitions take place.",
            status.sequencer.isClockTrusted ? 1 : 0)
        family(
            "tally_storage_room", "gauge", "1 when the last write found room on the disk.",
            status.sequencer.hasRoom ? 1 : 0)
    }

    private mutating func audit(_ audit: AuditStatus) {
        family(
            "tally_audits_total", "counter", "Recounts of all votes since the start.", audit.audits)
        family(
            "tally_audit_position", "gauge", "The journal position that was recounted last.",
            audit.sequence)
        family(
            "tally_audit_difference", "gauge",
            "1 when a count was not what the votes come to: writes are refused.",
            audit.difference == nil ? 0 : 1)
    }

    private mutating func limits(_ meter: LimitMeter, _ connections: Int) {
        family(
            "tally_http_connections", "gauge", "Connections that are open.", UInt64(connections))
        family(
            "tally_limit_hits_total", "counter",
            "How often clients ran into a limit since the start, by its name.",
            Limit.allCases.map { ("{limit=\"\($0.rawValue)\"}", meter.hits($0)) })
    }

    private mutating func erasure(_ erasure: ErasureStatus) {
        family(
            "tally_erasure_pending", "gauge",
            "Commands that name deleted accounts and still stand in files.", erasure.pending)
        guard let until = erasure.until else { return }
        family(
            "tally_erasure_until_seconds", "gauge",
            "By when these will be gone, seconds since 1970.",
            UInt64(max(0, until.milliseconds / 1000)))
    }
}

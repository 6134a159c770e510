import TallyActors

/// The service's figures in the text format of Prometheus, version 0.0.4.
enum MetricsText {
    static func render(_ status: ServiceStatus) -> String {
        var text = ""
        func family(_ name: String, _ type: String, _ help: String, _ samples: [(String, String)]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for (labels, value) in samples { text += "\(name)\(labels) \(value)\n" }
        }
        let outcomes = Outcome.Code.allCases.map { code in
            (
                "{outcome=\"\(code.name)\"}",
                "\(status.ballots.outcomes[Int(code.rawValue)])"
            )
        }
        family(
            "tally_commands_total", "counter",
            "Commands on accounts that were applied since the start, by outcome.", outcomes)
        family(
            "tally_retracted_votes_total", "counter",
            "Votes in open phases that deletions of accounts took back.",
            [("", "\(status.ballots.retractedVotes)")])
        family(
            "tally_frozen_votes_total", "counter",
            "Votes in closed phases that deletions of accounts turned into sums.",
            [("", "\(status.ballots.frozenVotes)")])
        family("tally_votes", "gauge", "Votes held.", [("", "\(status.ballots.votes)")])
        family(
            "tally_accounts", "gauge", "Accounts that hold votes.",
            [("", "\(status.ballots.accounts)")])
        family(
            "tally_deleted_accounts", "gauge", "Deleted accounts that are remembered.",
            [("", "\(status.ballots.tombstones)")])
        family(
            "tally_position", "gauge", "The applied position of the journal.",
            [("", "\(status.position)")])
        family(
            "tally_journal_records_total", "counter", "Records made durable since the start.",
            [("", "\(status.sequencer.records)")])
        family(
            "tally_journal_commands_total", "counter", "Commands made durable since the start.",
            [("", "\(status.sequencer.commands)")])
        family(
            "tally_journal_bytes_total", "counter",
            "Payload bytes of records made durable since the start.",
            [("", "\(status.sequencer.journalBytes)")])
        family(
            "tally_snapshots_total", "counter", "Snapshots written since the start.",
            [("", "\(status.sequencer.snapshots)")])
        family(
            "tally_snapshot_position", "gauge", "The journal position of the newest snapshot.",
            [("", "\(status.sequencer.snapshotSequence)")])
        family(
            "tally_snapshot_bytes", "gauge", "Size of the newest snapshot written since the start.",
            [("", "\(status.sequencer.snapshotBytes)")])
        family(
            "tally_clock_trusted", "gauge",
            "1 when the wall clock is believed and timed transitions take place.",
            [("", status.sequencer.isClockTrusted ? "1" : "0")])
        family(
            "tally_storage_room", "gauge", "1 when the last write found room on the disk.",
            [("", status.sequencer.hasRoom ? "1" : "0")])
        return text
    }
}

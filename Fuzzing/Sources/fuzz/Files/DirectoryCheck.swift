import Persistence

/// Opens a directory that was changed, and looks whether anything is told that was never written.
struct DirectoryCheck {
    private let written: WrittenDirectory
    private let changed: MemoryStorage
    private let isForged: Bool
    private let isSealed: Bool
    /// Files that are not what was written.
    private let changedFiles: Set<String>
    private let isComplete: Bool

    static func run(_ bytes: UnsafeRawBufferPointer, withSnapshots: Bool, suffix: String) -> Int32 {
        var input = FuzzInput(bytes)
        do {
            let written = try WrittenDirectory(&input, withSnapshots: withSnapshots)
            let changed = written.storage.afterProcessDeath()
            let changes = try FileChanges(changed, suffix: suffix, &input)
            try DirectoryCheck(written, changed, changes).check()
        } catch {
            fatalError("what must go well does not: \(error)")
        }
        return 0
    }

    private init(
        _ written: WrittenDirectory, _ changed: MemoryStorage, _ changes: FileChanges
    ) throws {
        self.written = written
        self.changed = changed
        isForged = changes.isForged
        isSealed = changes.isSealed
        let names = try changed.names()
        let original = try written.storage.names()
        changedFiles = Set(
            try names.filter {
                try !original.contains($0)
                    || changed.bytes(of: $0) != written.storage.bytes(of: $0)
            })
        isComplete = names == original
    }

    private func check() throws {
        let verified = try verify()
        let storage = changed.afterProcessDeath()
        let opened = try attempt { try Process(storage) }
        if isComplete, changedFiles.isEmpty {
            expect(verified != nil && opened != nil, "a whole directory is found damaged")
        }
        guard let opened else {
            expect(verified == nil, "a directory is found right and does not open")
            return
        }
        check(opened.replayed.events)
        try check(opened.report, verified)
        try goOn(opened, storage)
    }

    private func verify() throws -> VerificationReport? {
        let collector = Collector()
        let report = try attempt {
            try Verification.run(
                changed.afterProcessDeath(), rulesVersion: Process.rulesVersion,
                limits: Process.limits, into: collector)
        }
        check(collector.events)
        return report
    }

    /// nil when the directory was refused, for a reason that is named.
    private func attempt<Value>(_ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch is Damage, is DirectoryFault, StorageFault.missing {
            return nil
        }
    }

    /// Everything that is told was written, in the order in which it was.
    private func check(_ events: [Collector.Event]) {
        var position: UInt64 = 0
        var chunks: ArraySlice<Collector.Event>?
        for event in events {
            switch event {
            case .begin(let sequence):
                position = sequence ?? 0
                chunks = sequence.map { written.snapshots[$0].map { $0[...] } ?? [] }
            case .chunk:
                expect(isForged || chunks?.first == event, "a chunk was never written")
                chunks = chunks?.dropFirst()
            case .endSnapshot:
                expect(isForged || chunks?.isEmpty == true, "a snapshot lacks its end")
                chunks = nil
            case .record(let fields, _):
                expect(chunks == nil, "records stand on half a snapshot")
                expect(fields.firstSequence == position + 1, "there is a gap")
                expect(
                    isForged || written.records.contains(event), "a record was never written")
                position = fields.lastSequence
            }
        }
    }

    private func check(_ report: RecoveryReport, _ verified: VerificationReport?) throws {
        for damage in report.damagedSnapshots where !isForged {
            expect(changedFiles.contains(damage.file), "a whole snapshot is put aside")
        }
        if try changed.names().contains("durable-mark"), !changedFiles.contains("durable-mark") {
            expect(report.lastSequence >= written.mark, "what was marked is missing")
        }
        guard let verified else {
            // Only the newest good snapshot is read by a start, and the journal behind it.
            let hasSnapshots = try !changed.snapshots().isEmpty
            expect(
                hasSnapshots || report.records == 0, "a directory opens that is found damaged")
            return
        }
        expect(verified.lastSequence == report.lastSequence, "two ends of one journal")
        // What the next snapshot deletes is looked at by a start, but not verified.
        let obsolete = Retention.obsolete(DirectoryContent(try changed.list()), erasing: false)
        expect(
            report.damagedSnapshots.allSatisfy { obsolete.contains($0.file) },
            "a damaged snapshot is found right")
        let isWhole =
            verified.lastSequence == written.lastSequence && verified.tornTail == nil
        if isWhole, !isForged, !isSealed {
            // Anything under another name means nothing.
            let names = Set(try written.storage.names())
            for name in try changed.segments() + changed.snapshots()
            where names.contains(name) && !obsolete.contains(name) {
                try checkBytes(of: name)
            }
        }
    }

    /// A file of a directory that was found right, with nothing missing.
    private func checkBytes(of name: String) throws {
        let whole = try written.storage.bytes(of: name)
        let end = name.hasSuffix(".snap") ? whole.count : endOfContent(whole)
        let found = try changed.bytes(of: name)
        expect(
            found.count >= end && found[..<end] == whole[..<end],
            "\(name) was changed, and nobody noticed")
    }

    /// What was opened is written on, and opens again with all of it.
    private func goOn(_ process: Process, _ storage: MemoryStorage) throws {
        let last = process.report.lastSequence
        // Behind forged positions there may be no room for a record.
        guard last < UInt64.max - 1_000 else { return }
        try process.append(bytes: 33, count: 2)
        let again = try Process(storage.afterProcessDeath())
        expect(again.report.lastSequence == last + 2, "a record was lost")
        expect(
            again.report.tornTail == nil && again.report.damagedSnapshots.isEmpty,
            "what was put right is damaged again")
    }
}

public import Persistence

/// Puts into words what lies in a data directory, which a server may be using.
public enum DataInspection {
    /// Blocks the calling thread: for the names, everything from the newest snapshot before the
    /// record on is folded.
    ///
    /// - Throws: `NoRecord`, `Damage`, `DirectoryFault`, `StorageFault`, `Replay.UnknownContent`.
    public static func words(
        _ sequence: UInt64, of inspection: Inspection, configuration: ServiceConfiguration
    ) throws -> (record: InspectedRecord, words: RecordWords) {
        let record = try inspection.record(sequence)
        let replay = Replay(configuration)
        let isNamed =
            try record.fields.kind == RecordKind.commands.rawValue
            && inspection.lead(to: record, into: replay)
        replay.finish()
        let words = record.payload.withUnsafeBytes { payload in
            RecordWords(
                record.fields, payload: payload, sequence: sequence,
                catalogue: isNamed ? replay.machine.catalogue : nil)
        }
        return (record, words)
    }
}

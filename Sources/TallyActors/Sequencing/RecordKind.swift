/// What a record of the journal holds. The raw values stand in the files: never renumbered.
package enum RecordKind: UInt8 {
    /// Commands on accounts, 24 bytes each.
    case commands = 1
    /// One catalogue command, in the encoding of `CatalogueCodec`.
    case catalogue = 2
    /// A number that stands for nothing, so that a snapshot has another position than the last one.
    case mark = 3
}

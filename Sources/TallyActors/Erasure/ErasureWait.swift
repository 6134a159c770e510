/// Somebody who waits until deletions are physical.
struct ErasureWait: Sendable {
    /// Snapshots that had begun when it came.
    let after: UInt64
    /// How many later ones it still needs.
    var snapshots: Int
    let reply: @Sendable (Result<ErasureStatus, Refusal>) -> Void
}

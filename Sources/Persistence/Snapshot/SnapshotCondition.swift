/// What a first look at a snapshot finds: its header, and whether it has an end.
package struct SnapshotCondition: Equatable, Sendable {
    package var sequence: UInt64
    /// nil if the file looks whole.
    package var damage: Damage?
    /// nil if it is damaged.
    package var header: SnapshotHeader?

    package init(whole header: SnapshotHeader) {
        sequence = header.sequence
        self.header = header
    }

    package init(sequence: UInt64, damage: Damage) {
        self.sequence = sequence
        self.damage = damage
    }
}

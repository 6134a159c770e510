/// What a simulation is there for: a test sees to it that each of these does happen.
enum Happening: String, CaseIterable {
    case deathInOperation, deathInWrite, deathInRecovery, deathBesideSnapshot, stop
    case powerLoss, tornSectors, someNameChangesLost
    case startFromNothing, startFromSnapshot, tornTail, lateTransitionAtStart
    case refusalWithoutRoom, deletionWithoutRoom
    case recordBesideSnapshot, segmentsRemoved, mark, erasure, audit, sweep
    case transition, transitionWaits, definitionRefused, closing, removal
}

extension ControlConnection {
    /// Creates the consultation, which must not be there already.
    func create(_ ballot: BallotPlan) async throws {
        let there = try await send("GET", ballot.consultationPath)
        guard there.status == 404 else {
            throw LoadFailure.exists(consultation: ballot.consultation)
        }
        _ = try await demand("PUT", ballot.consultationPath, body: ballot.definition())
    }

    func tally(_ ballot: BallotPlan) async throws -> PhaseTally {
        let path = "\(ballot.phasePath)/tally"
        guard let tally = PhaseTally(json: try await demand("GET", path).body) else {
            throw LoadFailure.notUnderstood(what: "the answer to GET \(path)")
        }
        return tally
    }
}

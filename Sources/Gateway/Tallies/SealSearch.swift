package import TallyActors

/// Finds the seal that a request names: of a phase that is closed, or was before its consultation
/// was removed.
package enum SealSearch {
    /// Why there is none.
    package struct Failure: Error, Equatable {
        package var refusal: Refusal
        /// For people; nil where the refusal says all.
        package var detail: String?
    }

    /// - Parameter digest: as tallies give it; nil asks for the newest seal of the name.
    package static func find(
        in catalogue: Catalogue, consultation: Identifier, phase: Identifier, digest: String?
    ) -> Result<Seal, Failure> {
        let newest = catalogue.seal(of: phase, in: consultation)
        guard let digest else {
            return newest.map { .success($0) }
                ?? .failure(whyNone(in: catalogue, consultation, phase))
        }
        if let seal = catalogue.seal(of: phase, in: consultation, digest: digest) {
            return .success(seal)
        }
        guard newest != nil else { return .failure(whyNone(in: catalogue, consultation, phase)) }
        return .failure(
            Failure(
                refusal: .notFound, detail: "No seal of a phase of this name has this digest."))
    }

    private static func whyNone(
        in catalogue: Catalogue, _ consultation: Identifier, _ phase: Identifier
    ) -> Failure {
        guard let entry = catalogue.consultation(named: consultation) else {
            return Failure(refusal: .unknownConsultation)
        }
        guard let phase = entry.phase(named: phase) else { return Failure(refusal: .unknownPhase) }
        return Failure(
            refusal: .notFound,
            detail: "The phase is \(phase.state.name): it gets its seal when it closes.")
    }
}

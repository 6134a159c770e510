import TallyActors

/// Finds the phase that a line names. Lines mostly name the same one as the line before, so its
/// names are kept and compared instead of looked up.
struct PhaseFinder {
    /// The longest beginning of a line that is kept, in bytes: two names, their keys and spaces.
    private static let maximumBeginning = 512

    private var catalogue = Catalogue.empty
    /// What is looked up whatever a line names.
    private let always: (consultation: Identifier, phase: Identifier)?
    private(set) var consultationName = KeptName()
    private(set) var phaseName = KeptName()
    /// How a line begins that names both and only then anything else, up to that.
    private(set) var beginning = KeptText(capacity: maximumBeginning)
    private var phase: PhaseEntry?
    /// Why the names kept stand for no phase; nil when they do.
    private var refusal: Refusal?

    /// The number of the phase found last, and what its votes carry.
    private(set) var number: PhaseNumber = 0
    private(set) var content = VoteContent.nothing

    init(always: (consultation: Identifier, phase: Identifier)? = nil) {
        self.always = always
        lookUpFixed()
    }

    mutating func follow(_ catalogue: Catalogue) {
        guard catalogue !== self.catalogue else { return }
        self.catalogue = catalogue
        consultationName.forget()
        phaseName.forget()
        beginning.forget()
        lookUpFixed()
    }

    /// Turns to the phase of this name; both names are empty when every line has the same one.
    @inline(__always)
    mutating func find(
        _ consultation: UnsafeRawBufferPointer, _ phase: UnsafeRawBufferPointer
    ) -> Refusal? {
        if phaseName.equals(phase), consultationName.equals(consultation) { return refusal }
        return lookUp(consultation, phase)
    }

    /// As `find`, for the names that were kept from the line before.
    @inline(__always)
    func findKept() -> Refusal? { refusal }

    /// - Parameter bytes: the beginning of a line that names what the line before named.
    mutating func keepBeginning(_ bytes: UnsafeRawBufferPointer) {
        if bytes.count <= Self.maximumBeginning { beginning.keep(bytes) }
    }

    /// - Precondition: the last `find` found a phase.
    @inline(__always)
    func proposal(named name: UnsafeRawBufferPointer) -> ProposalNumber? {
        precondition(phase != nil, "no phase was found")
        // Unwrapped this way, the phase is not retained and released for every line.
        return phase.unsafelyUnwrapped.proposal(named: name)
    }

    /// - Precondition: the last `find` found a phase.
    @inline(__always)
    func value(of carried: CarriedFields, _ keys: VoteFields.Keys) -> UInt32? {
        precondition(phase != nil, "no phase was found")
        // Unwrapped this way, the phase is not retained and released for every line.
        return phase.unsafelyUnwrapped.value(of: carried, keys, as: content)
    }

    /// - Precondition: the last `find` found a phase.
    var found: PhaseEntry {
        guard let phase else { preconditionFailure("no phase was found") }
        return phase
    }

    private mutating func lookUpFixed() {
        guard let always else { return }
        always.consultation.bytes.withUnsafeBytes { consultation in
            always.phase.bytes.withUnsafeBytes { phase in
                turn(to: catalogue, consultation, phase)
            }
        }
    }

    @inline(never)
    private mutating func lookUp(
        _ consultation: UnsafeRawBufferPointer, _ phase: UnsafeRawBufferPointer
    ) -> Refusal? {
        turn(to: catalogue, consultation, phase)
        consultationName.keep(consultation)
        phaseName.keep(phase)
        beginning.forget()
        return refusal
    }

    private mutating func turn(
        to catalogue: Catalogue, _ consultationName: UnsafeRawBufferPointer,
        _ phaseName: UnsafeRawBufferPointer
    ) {
        phase = nil
        guard let consultation = catalogue.consultation(named: consultationName) else {
            refusal = .unknownConsultation
            return
        }
        guard let phase = consultation.phase(named: phaseName) else {
            refusal = .unknownPhase
            return
        }
        self.phase = phase
        number = phase.number
        content = phase.kind.content
        refusal = nil
    }
}

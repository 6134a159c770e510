/// What is put to the people: the definition of a consultation, as a client sent it, with every
/// local time already resolved to an instant.
public struct ConsultationDefinition: Equatable, Sendable {
    /// The most counts a consultation may have: of each phase, proposals times options. A tally of
    /// it is written as a whole.
    public static let maximumCounts = 1 << 19

    public var title: Title?
    /// The IANA name as given; nil stands for UTC.
    public var timeZone: String?
    /// In the client's order.
    public var phases: [PhaseDefinition]

    public init(title: Title? = nil, timeZone: String? = nil, phases: [PhaseDefinition]) {
        self.title = title
        self.timeZone = timeZone
        self.phases = phases
    }

    /// Proposals times options, of all phases.
    public var countCount: Int {
        phases.reduce(0) { $0 + $1.proposals.count * max(1, $1.ballot.optionCount) }
    }
}

public struct PhaseDefinition: Equatable, Sendable {
    /// The most proposals a phase may have.
    public static let maximumProposals = 10_000

    public var id: Identifier
    public var title: Title?
    public var opensAt: ScheduledTime?
    public var closesAt: ScheduledTime?
    public var ballot: BallotRule
    public var results: ResultsVisibility
    /// In the client's order.
    public var proposals: [ProposalDefinition]

    public init(
        id: Identifier, title: Title? = nil, opensAt: ScheduledTime? = nil,
        closesAt: ScheduledTime? = nil, ballot: BallotRule,
        results: ResultsVisibility = .live, proposals: [ProposalDefinition]
    ) {
        self.id = id
        self.title = title
        self.opensAt = opensAt
        self.closesAt = closesAt
        self.ballot = ballot
        self.results = results
        self.proposals = proposals
    }
}

public struct ProposalDefinition: Equatable, Sendable {
    public var id: Identifier
    public var title: Title?
    /// What it costs, in the unit of the phase's budget; only in phases of the kind `budget`.
    public var cost: UInt64?

    public init(id: Identifier, title: Title? = nil, cost: UInt64? = nil) {
        self.id = id
        self.title = title
        self.cost = cost
    }
}

/// A title: one text, or one text a language.
///
/// Compared byte by byte: a canonically equivalent spelling is another title.
public enum Title: Equatable, Sendable {
    case text(String)
    /// Sorted by language tag, so that the order in which a client wrote them means nothing.
    case byLanguage([LanguageText])

    public static func == (left: Title, right: Title) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        case (.byLanguage(let left), .byLanguage(let right)): left == right
        default: false
        }
    }

    public struct LanguageText: Equatable, Sendable {
        public var tag: String
        public var text: String

        public init(tag: String, text: String) {
            self.tag = tag
            self.text = text
        }

        public static func == (left: LanguageText, right: LanguageText) -> Bool {
            left.tag.utf8.elementsEqual(right.tag.utf8)
                && left.text.utf8.elementsEqual(right.text.utf8)
        }
    }
}

/// A time as the client wrote it, and the instant that it was resolved to, once.
public struct ScheduledTime: Equatable, Sendable {
    public var text: String
    public var instant: Instant

    public init(text: String, instant: Instant) {
        self.text = text
        self.instant = instant
    }
}

/// When the counts of a phase may be read.
public enum ResultsVisibility: UInt8, Equatable, Sendable {
    case live = 0
    case afterClose = 1
}

public enum PhaseState: UInt8, Equatable, Sendable, BitwiseCopyable {
    case scheduled = 0
    case open = 1
    case closed = 2
}

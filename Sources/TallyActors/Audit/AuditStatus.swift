/// What the self-audit last found.
public struct AuditStatus: Sendable, Equatable {
    /// Audits that were finished since the start.
    public var audits: UInt64 = 0
    /// The position whose counts were checked last; 0 before the first.
    public var sequence: UInt64 = 0
    /// When that was found; nil before the first.
    public var checkedAt: Instant?
    /// The first difference that was ever found, for people, without figures (results may be
    /// withheld); nil while there is none. From then on nothing is written any more.
    public var difference: String?

    public init() {}
}

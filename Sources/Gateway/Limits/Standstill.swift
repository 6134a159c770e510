package import NIOCore

/// How long somebody is waited for while nothing moves. The time comes from outside.
package struct Standstill: Sendable {
    private var since: NIODeadline?
    private var mark = 0

    package init() {}

    /// - Parameters:
    ///   - isWaiting: false ends it.
    ///   - mark: what has moved so far, of which any change is a beginning anew.
    package mutating func length(
        _ isWaiting: Bool, at mark: Int, _ now: NIODeadline
    ) -> TimeAmount {
        guard isWaiting else {
            since = nil
            return .zero
        }
        if let since, self.mark == mark { return now - since }
        since = now
        self.mark = mark
        return .zero
    }
}

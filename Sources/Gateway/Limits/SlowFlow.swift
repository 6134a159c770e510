package import NIOCore

/// Whether bytes that are waited for come, or those that are to be taken go, at the least rate. The
/// time comes from outside.
package struct SlowFlow: Sendable {
    private var since: NIODeadline?
    private var start = 0

    package init() {}

    /// - Parameters:
    ///   - isWaiting: false ends it.
    ///   - bytes: how many there were so far, never fewer than before.
    ///   - rate: the least, in bytes a second, on the average of each `grace`.
    /// - Returns: whether it was slower throughout the last grace.
    package mutating func isTooSlow(
        _ isWaiting: Bool, _ bytes: Int, rate: Int, grace: TimeAmount, at now: NIODeadline
    ) -> Bool {
        guard isWaiting else {
            since = nil
            return false
        }
        guard let since else {
            self.since = now
            start = bytes
            return false
        }
        let passed = now - since
        guard passed >= grace else { return false }
        let least = Double(passed.nanoseconds) / 1e9 * Double(rate)
        guard Double(bytes - start) >= least else { return true }
        self.since = now
        start = bytes
        return false
    }
}

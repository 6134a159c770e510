/// Single requests on their way, which may be answered in any order: knows when each was scheduled, and up to
/// which one all are answered.
package struct RequestWindow: Sendable {
    private var scheduled: [UInt64]
    private var isAnswered: [Bool]
    private let mask: Int
    package private(set) var sent = 0
    /// Every request up to this number (from 1) is answered.
    package private(set) var answeredThrough = 0

    /// - Parameter inFlight: the most requests that wait for their answer at once.
    package init(inFlight: Int) {
        var capacity = 1
        while capacity < inFlight * 4 { capacity <<= 1 }
        scheduled = Array(repeating: 0, count: capacity)
        isAnswered = Array(repeating: false, count: capacity)
        mask = capacity - 1
    }

    /// A request must wait: the oldest one keeps too many others waiting for it.
    package var isFull: Bool { sent - answeredThrough > mask }

    /// Returns the number of the request, from 1.
    package mutating func send(scheduled time: UInt64) -> Int {
        precondition(!isFull, "more requests than the window has room for")
        sent += 1
        scheduled[sent & mask] = time
        isAnswered[sent & mask] = false
        return sent
    }

    /// Returns the time for which the request was scheduled.
    package mutating func answer(_ request: Int) -> UInt64 {
        isAnswered[request & mask] = true
        while answeredThrough < sent, isAnswered[(answeredThrough + 1) & mask] {
            answeredThrough += 1
        }
        return scheduled[request & mask]
    }
}

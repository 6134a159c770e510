import Glibc

/// Runs a call that answers -1 on error, again when a signal interrupted it.
/// - Throws: `Fault` naming the call and the error.
@discardableResult
func systemCall<Answer: FixedWidthInteger>(
    _ name: @autoclosure () -> String, _ body: () -> Answer
) throws -> Answer {
    while true {
        let answer = body()
        if answer != -1 { return answer }
        if errno != EINTR { throw Fault("\(name()): \(String(cString: strerror(errno)))") }
    }
}

/// Why a file of the Pabulib collection cannot be replayed.
package enum PabulibFault: Error, Equatable, CustomStringConvertible {
    /// Not such a file; `line` counts from 1.
    case malformed(line: Int, String)
    /// Such a file, of an election whose rules are not replayed.
    case unsupported(String)

    package var description: String {
        switch self {
        case .malformed(let line, let what): "line \(line): \(what)"
        case .unsupported(let what): what
        }
    }
}

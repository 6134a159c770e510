import ArgumentParser
import Gateway
import TallyActors

/// When a token ends: so many days, hours or minutes from now, or at an instant.
enum TokenExpiry: ExpressibleByArgument, Equatable {
    case after(milliseconds: Int64)
    case at(Instant)

    /// The longest, in days.
    private static let limit: Int64 = 36_500

    init?(argument: String) {
        let units: [Character: Int64] = ["d": 86_400_000, "h": 3_600_000, "m": 60_000]
        if let last = argument.last, let unit = units[last] {
            guard let count = Int64(argument.dropLast()), count > 0,
                count <= Self.limit * 86_400_000 / unit
            else { return nil }
            self = .after(milliseconds: count * unit)
        } else if case .instant(let instant) = RFC3339(argument) {
            self = .at(instant)
        } else {
            return nil
        }
    }

    func instant(from now: Instant) -> Instant {
        switch self {
        case .after(let milliseconds): Instant(milliseconds: now.milliseconds + milliseconds)
        case .at(let instant): instant
        }
    }
}

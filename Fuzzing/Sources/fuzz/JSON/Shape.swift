/// What a JSON text must look like.
indirect enum Shape: Sendable {
    case text
    case identifier
    case integer
    /// A text, or a text a language.
    case title
    case list(of: Shape)
    case object(required: [[UInt8]: Shape], optional: [[UInt8]: Shape])

    /// The body of `PUT /v1/consultations/{c}`.
    static let definition = Shape.object(
        required: ["phases": .list(of: phase)], optional: ["title": .title, "time_zone": .text])

    private static let phase = Shape.object(
        required: [
            "id": .identifier,
            "ballot": .object(
                required: ["kind": .text],
                optional: [
                    "choices": .list(of: .identifier), "max_votes": .integer, "min_votes": .integer,
                    "budget": .integer, "max_points": .integer, "max_points_per_proposal": .integer,
                ]),
            "proposals": .list(
                of: .object(
                    required: ["id": .identifier], optional: ["title": .title, "cost": .integer])),
        ],
        optional: ["title": .title, "opens_at": .text, "closes_at": .text, "results": .text])

    func fits(_ value: JSONValue) -> Bool {
        switch self {
        case .text: return value.string != nil
        case .identifier: return NaiveVotes.identifier(value) != nil
        case .integer: return value.integer != nil
        case .title:
            return value.string != nil
                || value.members?.values.allSatisfy { $0.string != nil } ?? false
        case .list(let element):
            guard case .array(let elements) = value else { return false }
            return elements.allSatisfy(element.fits)
        case .object(let required, let optional):
            guard let members = value.members,
                required.keys.allSatisfy({ members[$0] != nil })
            else { return false }
            return members.allSatisfy { key, value in
                (required[key] ?? optional[key])?.fits(value) ?? false
            }
        }
    }
}

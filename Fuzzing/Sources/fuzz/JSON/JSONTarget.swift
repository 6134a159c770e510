import Foundation
import Gateway
import NIOCore
import TallyActors

/// Bodies are malformed exactly when a plain reading of JSON and of the contract says so, and what
/// is written is read again as the same.
///
/// Input: a byte for what the rest is.
enum JSONTarget {
    static func run(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var input = FuzzInput(bytes)
        switch input.number(below: 4) {
        case 0: define(input.takeRest())
        case 1: readBallot(phase: input.byte(), input.takeRest())
        case 2: readVote(phase: input.byte(), input.takeRest())
        default: writeAndRead(&input)
        }
        return 0
    }

    // MARK: Definitions

    private static func define(_ body: [UInt8]) {
        let isWellFormed = NaiveJSONReader.read(body).map(Shape.definition.fits) ?? false
        switch read(body) {
        case .failure(let fault):
            expect(
                (fault.refusal == .malformed) == !isWellFormed,
                "\(fault.detail) The body \(isWellFormed ? "is" : "is not") well-formed.")
        case .success(let definition):
            expect(isWellFormed, "a malformed body is accepted")
            let (entry, answer) = answer(to: definition)
            guard let tree = NaiveJSONReader.read(answer) else {
                fatalError("the answer is no JSON")
            }
            var plain = FuzzInput(UnsafeRawBufferPointer(start: nil, count: 0))
            let again = StyledJSON.write(withoutWhatIsAdded(tree), style: &plain)
            guard case .success(definition) = read(again) else {
                fatalError("what is answered is another definition")
            }
            let same = self.answer(to: definition).entry
            expect(
                DefinitionAnswer.entityTag(of: entry) == DefinitionAnswer.entityTag(of: same),
                "the same definition has two tags")
        }
    }

    private static func read(
        _ body: [UInt8]
    ) -> Result<ConsultationDefinition, DefinitionFault> {
        body.withUnsafeBytes { DefinitionBody.consultation($0) }
    }

    private static func answer(
        to definition: ConsultationDefinition
    ) -> (entry: ConsultationEntry, bytes: [UInt8]) {
        var machine = CatalogueMachine()
        // Before every year that can be written, so that nothing opens or closes.
        let outcome = machine.apply(
            .define(consultation: "c", definition: definition), sequence: 1,
            at: Instant(milliseconds: -100_000_000_000_000), locks: VoteLocks(),
            cut: { fatalError("nothing is closed") })
        guard outcome.outcome == .created,
            let entry = machine.catalogue.consultation(named: "c" as Identifier)
        else { fatalError("a definition is refused: \(outcome)") }
        var buffer = ByteBuffer()
        DefinitionAnswer.write(entry, into: &buffer)
        return (entry, Array(buffer.readableBytesView))
    }

    /// An answer without the members that no definition has.
    private static func withoutWhatIsAdded(_ value: JSONValue) -> JSONValue {
        guard case .object(var members) = value else { return value }
        for index in members.indices where members[index].key == "phases" {
            guard case .array(let phases) = members[index].value else { continue }
            members[index].value = .array(
                phases.map { phase in
                    guard case .object(let members) = phase else { return phase }
                    return .object(members.filter { !added.contains($0.key) })
                })
        }
        return .object(members)
    }

    private static let added: Set<[UInt8]> = ["state", "opens_at_instant", "closes_at_instant"]

    // MARK: Votes

    /// Where a request wants to go: one of the phases, or nowhere.
    private static func place(_ number: UInt8) -> Result<PhaseEntry, Refusal> {
        let names: [Identifier] = ["support", "choice", "budget", "ranking", "points"]
        let index = Int(number) % (names.count + 1)
        return index < names.count
            ? .success(ParsingFixture.phase(names[index])) : .failure(.unknownPhase)
    }

    private static func unaryPlace(_ place: Result<PhaseEntry, Refusal>) -> UnaryVote.Place {
        switch place {
        case .success(let phase): .phase(phase)
        case .failure(let refusal): .unknown(refusal)
        }
    }

    private static func readVote(phase: UInt8, _ body: [UInt8]) {
        let place = place(phase)
        let found = body.withUnsafeBytes { UnaryVote.read($0, at: unaryPlace(place)) }
        let expected = NaiveVotes.body(body, at: place)
        expect(found == expected, "a vote is \(found), but should be \(expected)")
    }

    private static func readBallot(phase: UInt8, _ body: [UInt8]) {
        let place = place(phase)
        let account = ParsingFixture.key("a")
        var ballot = UnaryBallot()
        let refusal = body.withUnsafeBytes {
            ballot.read($0, of: account, at: unaryPlace(place))
        }
        let members = NaiveJSONReader.read(body)?.members
        let expected = NaiveVotes.ballot(
            members?.count == 1 ? members?["votes"] : nil, of: Array("a".utf8), in: place)
        let found: DecodedLine
        if let refusal {
            found = .refused(refusal)
        } else {
            guard case .success(let phase) = place else {
                fatalError("a ballot is taken for no phase")
            }
            found = .ballot(ballot.votes, of: account, in: phase.number)
        }
        expect(found == expected, "a ballot is \(found), but should be \(expected)")
    }

    // MARK: Anything

    private static func writeAndRead(_ input: inout FuzzInput) {
        let tree = JSONTree.make(&input)
        var json = JSONWriter(ByteBuffer())
        JSONTree.write(tree, to: &json)
        let written = Array(json.buffer.readableBytesView)
        expect(NaiveJSONReader.read(written) == tree, "what is written is something else")
        expect(
            (try? JSONSerialization.jsonObject(with: Data(written), options: .fragmentsAllowed))
                != nil, "what is written is no JSON")
        expect(JSONTree.stands(tree, in: written), "what is written is not read again")
        var text = StyledJSON.write(tree, style: &input)
        expect(JSONTree.stands(tree, in: text), "the same, written otherwise, is not read")
        if !input.isEmpty {
            text[input.number(below: 1 << 16) % text.count] = input.byte()
            let changed = NaiveJSONReader.read(text)
            expect(
                JSONTree.stands(tree, in: text)
                    == (changed.map { JSONTree.same($0, tree) } ?? false),
                "what is no JSON, or says something else, is read")
        }
    }
}

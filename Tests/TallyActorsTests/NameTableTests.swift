import TallyActors
import Testing

@Suite("The table of names")
struct NameTableTests {
    @Test("finds every name by exactly its bytes", arguments: [0, 1, 2, 3, 100, 10_000])
    func lookups(count: Int) {
        let names = (0..<count).map { Identifier(validated: "proposal-\($0)".utf8) }
        let table = NameTable(
            names.enumerated().map { ($0.element, UInt32($0.offset * 3)) })
        for (index, name) in names.enumerated() {
            #expect(table.number(of: name) == UInt32(index * 3))
        }
        for other: Identifier in ["proposal-", "proposal-x", "", "Proposal-1", "proposal-10000"] {
            #expect(table.number(of: other) == nil)
        }
    }

    @Test("tells apart names of every length that differ in one byte")
    func lengths() {
        var names: [Identifier] = []
        for length in 1...128 {
            let name = (0..<length).map { UInt8(0x41 + $0 % 26) }
            names.append(Identifier(validated: name))
            for place in Set([0, length / 2, length - 1]) {
                var other = name
                other[place] = 0x7A
                names.append(Identifier(validated: other))
            }
        }
        let table = NameTable(names.enumerated().map { ($0.element, UInt32($0.offset)) })
        for (number, name) in names.enumerated() {
            #expect(table.number(of: name) == UInt32(number))
            #expect(table.number(of: Identifier(validated: name.bytes + [0])) == nil)
        }
    }
}

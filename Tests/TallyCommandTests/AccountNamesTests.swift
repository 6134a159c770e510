import Testing
import tally

struct AccountNamesTests {
    private let names = AccountNames(seed: 42, scope: "c")

    @Test func identifiersLookLikeUUIDs() {
        for account in 0..<1000 {
            let text = names.text(account)
            #expect(text.utf8.count == AccountNames.byteCount)
            #expect(text.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
            #expect(text.allSatisfy { "0123456789abcdef-".contains($0) })
        }
    }

    @Test func digitsAreThoseOfTheWord() {
        let word = names.word(5)
        let digits = String(word, radix: 16)
        let padded = String(repeating: "0", count: 16 - digits.count) + digits
        #expect(names.text(5).filter { $0 != "-" }.hasPrefix(padded))
    }

    @Test func noTwoAccountsShareOne() {
        #expect(Set((0..<10_000).map(names.text)).count == 10_000)
    }

    @Test func seedAndConsultationMakeOthers() {
        #expect(names.text(1) == AccountNames(seed: 42, scope: "c").text(1))
        #expect(names.text(1) != AccountNames(seed: 43, scope: "c").text(1))
        #expect(names.text(1) != AccountNames(seed: 42, scope: "d").text(1))
    }
}

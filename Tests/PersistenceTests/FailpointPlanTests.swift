import Glibc
import Persistence
import Testing

@Suite struct FailpointPlanTests {
    private func plan(_ variables: [String: String]) -> FailpointPlan? {
        FailpointPlan { variables[$0] }
    }

    @Test func nothingIsPlannedByDefault() {
        #expect(plan([:]) == nil)
        #expect(plan(["TALLY_DATA": "EIO"]) == nil)
    }

    @Test func oneCallFailsUnlessAllFromItOnAreToFail() throws {
        let once = try #require(plan(["TALLY_FAULT": "sync:EIO:2"]))
        let fromThen = try #require(plan(["TALLY_FAULT": "sync.segment:ENOSPC:2+"]))
        let faults = (0..<4).map { _ in once.fault(of: "sync.spare", operation: "sync") }
        #expect(faults == [nil, .error(EIO), nil, nil])
        let lasting = (0..<4).map { _ in fromThen.fault(of: "sync.segment", operation: "sync") }
        #expect(lasting == [nil, .error(ENOSPC), .error(ENOSPC), .error(ENOSPC)])
    }

    @Test func aCallMayBeSlow() throws {
        let slow = try #require(plan(["TALLY_FAULT": "sync.segment:SLOW200:1+"]))
        #expect(slow.fault(of: "sync.segment", operation: "sync") == .slow(200))
    }

    @Test func onlyTheNamedCallFails() throws {
        let one = try #require(plan(["TALLY_FAULT": "write.segment:SHORT"]))
        #expect(one.fault(of: "write.snapshot-tmp", operation: "write") == nil)
        #expect(one.fault(of: "sync.segment", operation: "sync") == nil)
        #expect(one.fault(of: "write.segment", operation: "write") == .shortWrite)
    }
}

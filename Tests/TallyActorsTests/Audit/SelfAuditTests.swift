import Persistence
import TallyActors
import Testing

@Suite("The self-audit")
struct SelfAuditTests {
    @Test("takes its named share of the time, and comes at most once a minute")
    func pace() {
        var audit = SelfAudit(monotonic: 1000)
        #expect(!audit.isDue(monotonic: 1000 + SelfAudit.minimumInterval - 1))
        let begin = 1000 + SelfAudit.minimumInterval
        #expect(audit.isDue(monotonic: begin))
        audit.begin(monotonic: begin)
        #expect(!audit.isDue(monotonic: begin + SelfAudit.minimumInterval))
        audit.end(monotonic: begin + 5)
        #expect(!audit.isDue(monotonic: begin + SelfAudit.minimumInterval - 1))
        #expect(audit.isDue(monotonic: begin + SelfAudit.minimumInterval))
        let second = begin + SelfAudit.minimumInterval
        audit.begin(monotonic: second)
        audit.end(monotonic: second + 2000)
        #expect(!audit.isDue(monotonic: second + 199_999))
        #expect(audit.isDue(monotonic: second + 200_000))
    }

    @Test("goes on while votes flow, and finds nothing wrong")
    func sound() async throws {
        let clock = TestClock()
        let service = try await TallyService.start(MemoryStorage(), clock)
        let connection = Connection()
        #expect(await service.define(.phase("a"), .phase("b", ballot: .ranking(3))) == .created)
        for audits in UInt64(1)...3 {
            let votes = (0..<500).map {
                Command.cast(.numbered($0), phase: UInt32(0), proposal: UInt32(audits) % 2)
            }
            await connection.run(votes, on: service)
            clock.advance(by: SelfAudit.minimumInterval)
            #expect(try await service.reaches { $0.audit.audits == audits })
        }
        let audit = service.status.sequencer.audit
        #expect(audit.difference == nil)
        #expect(audit.sequence == service.status.position)
        #expect(audit.checkedAt != nil)
        #expect(!service.isInDoubt)
        await service.shutdown()
    }

    @Test("notices a lost vote: nothing is written any more, reads go on")
    func loss() async throws {
        let clock = TestClock()
        let host = LossyHost()
        let service = try await TallyService.start(MemoryStorage(), clock, host: host)
        let connection = Connection()
        #expect(await service.define(.phase("a")) == .created)
        await connection.run([.cast(.numbered(1), phase: 0, proposal: 1)], on: service)
        host.loseCounts()
        await connection.run([.cast(.numbered(2), phase: 0, proposal: 1)], on: service)
        clock.advance(by: SelfAudit.minimumInterval)
        #expect(try await service.reaches { $0.audit.difference != nil })
        #expect(
            service.status.sequencer.audit.difference
                == "a count of the proposal p1 in phase a of c")
        #expect(service.isInDoubt)
        let refused = await connection.run(
            [.cast(.numbered(3), phase: 0, proposal: 0), .delete(.numbered(1))], on: service)
        #expect(refused.refusal == .internalFault)
        #expect(await service.define(.phase("a", title: "A")).refusal == .internalFault)
        #expect((await service.cut()).phase(0).voters == 2)
        #expect((await service.votes(of: .numbered(1))).votes.count == 1)
        await service.shutdown()
    }
}

import NIOCore
import TallyActors

/// Answers the tallies that one connection asks for. Confined to its event loop.
///
/// Whoever polls asks for the same path again and again: the last one is remembered, so that the
/// same request costs neither routing nor looking up.
final class TallyDesk {
    private struct Recent {
        var path: [UInt8]
        var accept: [UInt8]?
        var view: TallyView
        /// Within one read only: an idle connection keeps no cut alive.
        var answer: TallyAnswer?
    }

    private struct Asked {
        var exchange: Exchange
        var view: TallyView
    }

    private let service: TallyService
    private let renderings: TallyRenderings
    private let connection: any HTTPConnection
    private var recent: Recent?
    private var cutOfThisRead: Cut?
    /// What was asked in this read while no cut was current.
    private var asked: [Asked] = []

    init(context: GatewayContext, connection: any HTTPConnection) {
        service = context.service
        renderings = context.renderings
        self.connection = connection
    }

    /// - Returns: true when the request is the same as the last one, and so taken care of.
    func answerAgain(_ exchange: Exchange, _ identity: Identity) -> Bool {
        guard let recent, recent.view.showsWithheld == identity.seesWithheld,
            exchange.method.isRead,
            exchange.withPath({ $0.equals(recent.path) }),
            exchange.withHeader(.accept, { $0.equals(recent.accept ?? []) })
                ?? (recent.accept == nil)
        else { return false }
        answer(exchange, recent.view)
        return true
    }

    func answer(_ exchange: Exchange, _ view: TallyView) {
        if let cut = currentCut() {
            answer(exchange, view, cut)
        } else {
            asked.append(Asked(exchange: exchange, view: view))
        }
    }

    /// All that had arrived is delivered: asks for a cut for those that wait for one.
    func readComplete() {
        cutOfThisRead = nil
        recent?.answer = nil
        guard !asked.isEmpty else { return }
        let eventLoop = connection.eventLoop
        let bound = NIOLoopBound((self, asked), eventLoop: eventLoop)
        asked = []
        service.withCut { cut in
            eventLoop.execute {
                let (desk, asked) = bound.value
                desk.connection.corked {
                    for one in asked where one.exchange.isOpen {
                        desk.answer(one.exchange, one.view, cut)
                    }
                }
                desk.recent?.answer = nil
            }
        }
    }

    /// The newest cut, if it includes everything acknowledged; asked for once a read.
    private func currentCut() -> Cut? {
        if cutOfThisRead == nil { cutOfThisRead = service.currentCut() }
        return cutOfThisRead
    }

    private func answer(_ exchange: Exchange, _ view: TallyView, _ cut: Cut) {
        if let recent, let answer = recent.answer, answer.cut === cut, recent.view == view {
            self.recent?.answer?.send(
                to: exchange, renderings, isInDoubt: service.isInDoubt)
            return
        }
        switch renderings.answer(for: view, in: cut) {
        case .failure(let refusal): exchange.refuse(refusal)
        case .success(var answer):
            answer.send(to: exchange, renderings, isInDoubt: service.isInDoubt)
            recent = Recent(
                path: exchange.withPath { Array($0) },
                accept: exchange.withHeader(.accept) { Array($0) }, view: view, answer: answer)
        }
    }
}

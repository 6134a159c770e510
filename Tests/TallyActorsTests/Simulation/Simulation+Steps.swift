import Persistence
import TallyActors

extension Simulation {
    /// The next thing that happens.
    func step() {
        switch fate.int(0..<100) {
        case 0..<22: sendBatch()
        case 22..<27: sendWish()
        case 27..<35: clock.advance(by: fate.int(1..<4_000))
        case 35: if fate.oneIn(2) { clock.advance(by: fate.int(60_000..<4_000_000)) }
        case 36: if fate.oneIn(2) { clock.set() }
        case 37: if fate.oneIn(2) { askForSnapshot() }
        case 38: if fate.oneIn(2) { askForErasure() }
        case 39: if fate.oneIn(3) { setRoom(fate.oneIn(2) ? nil : fate.int(0..<20_000)) }
        case 40, 41: read()
        case 42..<54: life?.turn()
        default: goOn()
        }
    }

    /// What may happen in the middle of something else.
    func sideStep() {
        switch fate.int(0..<10) {
        case 0: if !isSettling { sendBatch() }
        case 1: if !isSettling { read() }
        case 2, 3:
            guard let life, !life.isInTurn else { return }
            let before = history.model.position
            life.turn()
            if host.tasksUnderWay > 0, history.model.position > before {
                fate.happened(.recordBesideSnapshot)
            }
        default: goOn()
        }
    }

    /// Shards and background work.
    private func goOn() {
        if host.hasTasks, fate.oneIn(8) { return host.runTask() }
        if !host.deliver() { host.sweep() }
    }

    // MARK: - Clients

    private func sendBatch() {
        guard let life, !life.isStopped else { return }
        if history.unanswered >= Self.maximumUnanswered {
            if !life.isInTurn { life.turn() }
            return
        }
        let client = clients[fate.int(0..<clients.count)]
        let count = fate.oneIn(8) ? 0 : fate.int(1..<14)
        let batch = CommandBatch(capacity: count, completion: client)
        let onlyDeletes = fate.oneIn(isLimited ? 8 : 40)
        for _ in 0..<(onlyDeletes ? min(count, 2) : count) {
            let account = fate.int(accounts)
            if onlyDeletes {
                batch.append(.delete(.numbered(account)))
            } else {
                history.model.append(commandOf: account, to: batch, using: &fate.random)
            }
        }
        fate.note("send", UInt64(count))
        client.send(batch, to: life)
    }

    private func sendWish() {
        let consultation = SeededRandom.consultations.randomElement(using: &fate.random)!
        guard let life, !life.isStopped, !history.hasWish(for: consultation) else { return }
        let wish = history.model.randomWish(
            for: consultation, using: &fate.random, nextName: &nextName)
        fate.note("\(wish)")
        history.submit(wish)
        let disk = disk
        life.submit(
            .catalogue(
                CatalogueWish(command: wish, precondition: nil) { [history] outcome, position in
                    if !disk.isDead { history.answer(wish, outcome, at: position) }
                }))
    }

    private func askForSnapshot() {
        fate.note("snapshot")
        openRequests += 1
        let acknowledged = history.acknowledged
        let disk = disk
        life?.submit(
            .snapshot { [self] result in
                if disk.isDead { return }
                openRequests -= 1
                switch result {
                case .success(let position):
                    fate.expect(
                        position >= acknowledged, "a snapshot leaves out what was acknowledged")
                    let synced = try? disk.memory.afterPowerLoss().list().map(\.name)
                    let isThere =
                        position == 0
                        || synced?.contains { $0.hasSuffix("0\(position).snap") } ?? false
                    fate.expect(isThere, "the snapshot of \(position) is not durable")
                case .failure(let refusal): checkRefusal(refusal)
                }
            })
    }

    func askForErasure() {
        fate.note("erasure")
        openRequests += 1
        let asked = history.acknowledged
        let disk = disk
        life?.submit(
            .erase { [self] result in
                if disk.isDead { return }
                openRequests -= 1
                switch result {
                case .success: checkErased(asOf: asked)
                case .failure(let refusal): checkRefusal(refusal)
                }
            })
    }

    private func checkRefusal(_ refusal: Refusal) {
        fate.expect(
            isStopping && refusal == .draining
                || refusal == .storageUnavailable && history.mayLackRoom,
            "a snapshot or an erasure was refused: \(refusal)")
    }

    private func read() {
        guard let life else { return }
        let acknowledged = history.acknowledged
        let disk = disk
        if fate.oneIn(2) {
            let account = fate.int(0..<accounts.upperBound)
            life.rows.read(.numbered(account)) { [fate, history] held in
                if disk.isDead { return }
                fate.expect(held.sequence >= acknowledged, "a read is older than an answer")
                history.see(held.sequence)
                let model = history.model(at: held.sequence)
                fate.expect(model != nil, "a read in the middle of a record")
                if let difference = model?.difference(of: account, from: held) {
                    fate.fail(difference)
                }
            }
        } else {
            life.rows.tallies.withCut { [fate, history] cut in
                if disk.isDead { return }
                fate.expect(cut.sequence >= acknowledged, "a cut is older than an answer")
                history.acknowledge(cut.sequence)
                let model = history.model(at: cut.sequence)
                fate.expect(model != nil, "a cut in the middle of a record")
                if let difference = model?.difference(from: cut) { fate.fail(difference) }
            }
        }
    }
}

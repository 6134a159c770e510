import TallyActors

/// The result of a closed phase, as the contract describes it.
struct NaiveSeal: Equatable {
    var at: Int64
    var json: String
}

extension NaiveModel {
    // MARK: - Time

    /// Opens and closes what is due, each with a number of its own.
    mutating func passTime(to now: Int64) {
        self.now = now
        while let (_, number) = phases.indices.compactMap({ number -> (Int64, Int)? in
            guard let phase = phases[number] else { return nil }
            let due = [.scheduled: phase.opensAt, .open: phase.closesAt][phase.state] ?? nil
            return due.flatMap { $0 <= now ? ($0, number) : nil }
        }).min(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
            if phases[number]!.state == .scheduled { open(number) } else { close(number) }
            position += 1
        }
    }

    mutating func open(_ number: Int) { phases[number]!.state = .open }

    mutating func close(_ number: Int) {
        phases[number]!.state = .closed
        phases[number]!.seal = NaiveSeal(at: now, json: sealedJSON(number))
    }

    /// Opens and closes a phase whose times were just put.
    mutating func settleTimes(_ number: Int) {
        let phase = phases[number]!
        if phase.state == .scheduled, phase.opensAt ?? now <= now { open(number) }
        if phases[number]!.state == .open, let end = phase.closesAt, end <= now { close(number) }
    }

    // MARK: - Consultations

    /// Numbers of a consultation's phases, in their order.
    func numbers(of consultation: Identifier) -> [Int] {
        phases.indices.filter { phases[$0]?.consultation == consultation }
    }

    /// Takes a closed consultation away, with its votes; its seals stay.
    mutating func remove(_ consultation: Identifier) {
        consultations.remove(consultation)
        for number in numbers(of: consultation) {
            let phase = phases[number]!
            removedSeals.append((consultation, phase.id, phase.seal!))
            phases[number] = nil
            for account in votes.keys {
                votes[account] = votes[account]!.filter { $0.key[0] != number }
            }
        }
        votes = votes.filter { !$0.value.isEmpty }
    }

    /// Newest first.
    func seals(of phase: Identifier, in consultation: Identifier) -> [NaiveSeal] {
        let present = phases.compactMap { $0 }
            .filter { $0.consultation == consultation && $0.id == phase }.compactMap(\.seal)
        let removed = removedSeals.filter { $0.consultation == consultation && $0.phase == phase }
        return present + removed.map(\.seal).reversed()
    }

    // MARK: - Seals

    /// The JSON of a phase's result, put together by hand.
    private func sealedJSON(_ number: Int) -> String {
        let phase = phases[number]!
        let counts = self.counts(number)
        let options = phase.optionNames.enumerated().sorted { left, right in
            left.element.description.utf16.lexicographicallyPrecedes(
                right.element.description.utf16)
        }
        let proposals = phase.present.sorted { left, right in
            phase.proposal(left)!.id.bytes.lexicographicallyPrecedes(
                phase.proposal(right)!.id.bytes)
        }.map { proposal in
            let figures = options.map { option, name in
                "\(quoted(name)):\(counts[[proposal, UInt32(option)], default: 0])"
            }.joined(separator: ",")
            return "{\"counts\":{\(figures)},\"id\":\(quoted(phase.proposal(proposal)!.id))}"
        }.joined(separator: ",")
        return "{\"consultation\":\(quoted(phase.consultation)),"
            + "\"kind\":\"\(phase.ballot.kind)\",\"phase\":\(quoted(phase.id)),"
            + "\"proposals\":[\(proposals)],\"voters\":\(voters(number))}"
    }

    /// Identifiers have no control characters, so only two characters need an escape.
    private func quoted(_ name: Identifier) -> String {
        let escaped = name.description.unicodeScalars.map {
            $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)"
        }
        return "\"\(escaped.joined())\""
    }
}

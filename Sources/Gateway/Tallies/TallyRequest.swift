import NIOCore
import TallyActors

/// A tally that was asked for, on its way to a cut.
struct TallyRequest {
    let exchange: Exchange
    let scope: TallyScope

    func answer(_ cut: Cut, _ renderings: TallyRenderings) {
        guard exchange.isOpen else { return }
        switch renderings.rendering(of: scope, in: cut) {
        case .failure(let refusal): exchange.refuse(refusal)
        case .success(let rendering):
            let isKnown =
                exchange.withHeader(.ifNoneMatch) { EntityTag.matches($0, rendering.tag) } ?? false
            let head = isKnown ? StandardHeads.unchangedTally : StandardHeads.tally
            exchange.respond(head, body: isKnown ? nil : rendering.body()) { fields in
                fields.add("etag", rendering.tag)
                fields.add("tally-sequence", decimal: cut.sequence)
            }
        }
    }
}

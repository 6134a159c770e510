/// A request that is dealt with when its body is there.
final class CollectedRequest {
    let route: Route
    var body: CollectedBody

    init(route: Route) {
        self.route = route
        body = CollectedBody(limit: route.bodyLimit)
    }
}

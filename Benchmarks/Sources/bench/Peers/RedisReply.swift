/// An answer of Redis.
enum RedisReply: Equatable {
    case text(String)
    case integer(Int)
    case array([RedisReply])
    case none
}

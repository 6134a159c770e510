/// The function that makes Redis do the job: refuse deleted accounts, keep the account's vote, move
/// the counts. Of the ways tried it is the cheapest for Redis: the mark of a deleted account lies in
/// the same hash as its votes, so that one `HMGET` answers both questions, and every count is a key of
/// its own that Redis keeps as an integer.
enum RedisFunction {
    /// Answers 0 refused, 1 counted, 2 replaced, 3 unchanged.
    static let source = """
        #!lua name=tally
        redis.register_function('vote', function(keys, args)
          local call = redis.call
          local account, proposal, choice = keys[1], args[1], args[2]
          local held = call('HMGET', account, proposal, '!')
          if held[2] then return 0 end
          local old = held[1]
          if old == choice then return 3 end
          call('HSET', account, proposal, choice)
          call('INCR', proposal .. choice)
          if old then
            call('DECR', proposal .. old)
            return 2
          end
          return 1
        end)
        redis.register_function('delete', function(keys, args)
          local call = redis.call
          local held = call('HGETALL', keys[1])
          call('DEL', keys[1])
          call('HSET', keys[1], '!', '')
          for i = 1, #held, 2 do
            if held[i] ~= '!' then call('DECR', held[i] .. held[i + 1]) end
          end
          return #held / 2
        end)
        """

    static func vote(_ vote: PeerVote) -> [UInt8] {
        RedisConnection.command([
            "FCALL", "vote", "1", AccountName.text(Int(vote.account)),
            ProposalName.text(Int(vote.proposal)), vote.choice.text,
        ])
    }

    static func delete(account: Int) -> [UInt8] {
        RedisConnection.command(["FCALL", "delete", "1", AccountName.text(account)])
    }

    static func countKey(proposal: Int, choice: Choice) -> String {
        ProposalName.text(proposal) + choice.text
    }
}

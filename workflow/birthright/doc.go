// Package birthright gives people the roles that come with who they are, and takes them back when they are that no longer. A look reads
// somebody's account by its id and compares what the rules say with what they have; what two looks have seen some minutes apart counts.
// A run then does what counts, a few people at a time: what is given waits for its issue, one for all that somebody gets at once; what
// ends ends as any grant does. Many changes at once are a question to IT first. What isn't known of somebody moves nothing.
package birthright

// Package erasure takes out of the store, and out of Jira, what names or quotes one
// person: the private parts of events, and what the records of requests, grants and
// people say beside them. What happened stays, with everybody in it known by our ids;
// no hash changes.
package erasure

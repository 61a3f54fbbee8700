package store

import (
	"time"

	"latchkey/access"
)

func requests() table[access.Request] {
	return table[access.Request]{
		kind: "request",
		row: func(r *access.Request) Record {
			var keys []string
			if r.State == access.RequestPending {
				keys = append(keys, "open:"+string(r.Beneficiary))
			}
			keys = append(keys, "person:"+string(r.Beneficiary), "state:"+string(r.State), "app:"+r.App)
			if r.Requester != r.Beneficiary {
				keys = append(keys, "person:"+string(r.Requester))
			}
			keys = append(keys, waitingKeys(r)...)
			if r.Issue.ID != "" {
				keys = append(keys, "issue:"+r.Issue.ID)
			}
			if !r.Decided.IsZero() {
				keys = append(keys, decidedKey(r.App, r.Role, r.Decided))
				keys = append(keys, overKeys(r)...)
			}
			if r.Origin != "" {
				keys = append(keys, "origin:"+r.Origin)
			}
			return Record{ID: r.ID, Version: r.Version, Index: keys, Due: r.Due()}
		},
		set: func(r *access.Request, v uint64) { r.Version = v },
	}
}

// decidedKey is by the month, so that the latest can be found without the rest.
func decidedKey(app, role string, at time.Time) string {
	return "decided:" + app + "/" + role + "/" + at.UTC().Format("2006-01")
}

// DecidedIn are the requests for a role that were decided in the month of a
// moment, by id.
func DecidedIn(tx Tx, app, role string, month time.Time) ([]access.Request, error) {
	return requests().whole(tx, decidedKey(app, role, month))
}

// overKeys find what came to nothing, for those who made it and those whom it was for.
func overKeys(r *access.Request) (keys []string) {
	if r.State != access.RequestDenied && r.State != access.RequestLapsed {
		return nil
	}
	keys = append(keys, overKey(r.Beneficiary, r.Decided))
	if r.Requester != r.Beneficiary {
		keys = append(keys, overKey(r.Requester, r.Decided))
	}
	return keys
}

// overKey is by the month, so that what was over lately can be found without the rest.
func overKey(who access.PersonID, at time.Time) string {
	return "over:" + string(who) + "/" + at.UTC().Format("2006-01")
}

// RequestsOverIn are the requests somebody made or was to benefit from that were denied, or
// lapsed, in the month of a moment, by id.
func RequestsOverIn(tx Tx, who access.PersonID, month time.Time) ([]access.Request, error) {
	return requests().whole(tx, overKey(who, month))
}

// waitingKeys find a waiting request for those who made it and those who are to
// answer it, and an emergency for those who are to judge it.
func waitingKeys(r *access.Request) (keys []string) {
	if r.UnderReview() {
		for _, who := range r.Review.Asked {
			keys = append(keys, "reviews:"+string(who))
		}
	}
	if r.State != access.RequestPending {
		return keys
	}
	if r.Requester != r.Beneficiary {
		keys = append(keys, "made:"+string(r.Requester))
	}
	for _, who := range r.Awaited() {
		keys = append(keys, "asks:"+string(who))
	}
	for _, who := range r.StandBy() {
		keys = append(keys, "backs:"+string(who))
	}
	return keys
}

// Request loads a request. Absent: ErrNotFound.
func Request(tx Tx, id string) (access.Request, error) { return requests().get(tx, id) }

// RequestSince is Request for one that was seen before: as it was seen, unless it has
// changed since.
func RequestSince(tx Tx, seen access.Request) (access.Request, error) {
	return requests().getUnless(tx, seen.ID, seen.Version, seen)
}

// PutRequest stores r at its version (ErrConflict if it moved on) and raises it.
func PutRequest(tx Tx, r *access.Request) error { return requests().put(tx, r) }

// RequestsOf are the requests a person made or benefits from, by id.
func RequestsOf(tx Tx, who access.PersonID, after string, limit int) ([]access.Request, error) {
	return requests().all(tx.Find("request", "person:"+string(who), after, limit))
}

// OpenRequestsOf are the requests for a person that wait for a decision.
func OpenRequestsOf(tx Tx, who access.PersonID) ([]access.Request, error) {
	return requests().whole(tx, "open:"+string(who))
}

// OpenRequestIDs are the ids of those.
func OpenRequestIDs(tx Tx, who access.PersonID) ([]string, error) {
	return idsOf(tx, requests().kind, "open:"+string(who))
}

// OpenRequestsBy are the requests somebody made for others that wait for a decision.
func OpenRequestsBy(tx Tx, who access.PersonID) ([]access.Request, error) {
	return requests().whole(tx, "made:"+string(who))
}

// RequestsAsking are the requests that wait for an answer of somebody, by id.
func RequestsAsking(tx Tx, who access.PersonID, after string, limit int) ([]access.Request, error) {
	return requests().all(tx.Find("request", "asks:"+string(who), after, limit))
}

// RequestsBackedBy are the requests that wait for an answer of others, and that somebody
// may answer as a back-up, by id.
func RequestsBackedBy(tx Tx, who access.PersonID, after string, limit int) ([]access.Request, error) {
	return requests().all(tx.Find("request", "backs:"+string(who), after, limit))
}

// RequestsReviewedBy are the emergencies of which somebody is to say whether they were
// ones, by id.
func RequestsReviewedBy(tx Tx, who access.PersonID, after string, limit int) ([]access.Request, error) {
	return requests().all(tx.Find("request", "reviews:"+string(who), after, limit))
}

// RequestsOn are the requests about an app, whatever became of them, by id.
func RequestsOn(tx Tx, app, after string, limit int) ([]access.Request, error) {
	return requests().all(tx.Find("request", "app:"+app, after, limit))
}

// RequestsIn are the requests in a state, by id.
func RequestsIn(tx Tx, s access.RequestState, after string, limit int) ([]access.Request, error) {
	return requests().all(tx.Find("request", "state:"+string(s), after, limit))
}

// RequestOfIssue finds the request an issue belongs to, by the issue's numeric id.
func RequestOfIssue(tx Tx, issueID string) (access.Request, error) {
	return requests().first(tx, "issue:"+issueID)
}

// AllRequests are all requests, by id, a page at a time.
func AllRequests(tx Tx, after string, limit int) ([]access.Request, error) {
	return requests().all(tx.Find("request", "", after, limit))
}

// RequestFrom finds the request a submission made.
func RequestFrom(tx Tx, origin string) (access.Request, error) {
	return requests().first(tx, "origin:"+origin)
}

// RequestsFrom are all requests one submission made, by id.
func RequestsFrom(tx Tx, origin string) ([]access.Request, error) {
	return requests().whole(tx, "origin:"+origin)
}

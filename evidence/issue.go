package evidence

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
)

// WriteIssue makes what the issue of a request carries for machines: its state,
// and the pages with its events. entries are all there are of the request.
func WriteIssue(issue string, c access.Case, entries []access.Entry, at time.Time) (access.IssueRecord, error) {
	if len(entries) == 0 {
		return access.IssueRecord{}, fmt.Errorf("request %s has no events that could be written down", c.Request.ID)
	}
	if waits := slices.ContainsFunc(entries, func(e access.Entry) bool { return e.Place == 0 }); waits {
		return access.IssueRecord{}, &access.Failure{Class: access.Transient, Sentence: "The latest events of request " + c.Request.ID + " have no place in the log yet; they are told to the issue once they have"}
	}
	pages, _, err := writePages(entries)
	if err != nil {
		return access.IssueRecord{}, fmt.Errorf("write down the events of request %s: %w", c.Request.ID, err)
	}
	head := entries[len(entries)-1]
	s := State{Log: head.Log, Issue: issue, Request: c.Request.ID, N: head.N, Head: head.Leaf, Now: access.CourseOf(c.Request, c.Grant), At: at.UTC()}
	for _, p := range pages {
		s.Sums = append(s.Sums, sha256.Sum256([]byte(p)))
	}
	text, err := s.String()
	return access.IssueRecord{State: text, Pages: pages}, err
}

// ReadIssue reads back what an issue carries, and checks that it fits together:
// that it was written for this issue and that its pages lead to the event it ends
// with. Pages may be newer than the state: what goes beyond it is not used.
func ReadIssue(is access.Issue, r access.IssueRecord) (access.RecoveredCase, error) {
	s, err := ParseState(r.State)
	if err != nil {
		return access.RecoveredCase{}, fmt.Errorf("the state in %s can't be used: %w", is.Key, err)
	}
	out := access.RecoveredCase{ID: s.Request, Issue: is, Was: s.Now}
	if s.Issue != is.ID {
		return out, fmt.Errorf("the state in %s was written for another issue: this one is a copy, or somebody has copied the state", is.Key)
	}
	entries, err := readPages(access.RequestSubject(s.Request), r.Pages)
	if err != nil {
		return out, fmt.Errorf("the events in %s can't be read: %w", is.Key, err)
	}
	if uint64(len(entries)) < s.N {
		return out, fmt.Errorf("%s holds %d of the %d events of request %s: the others were removed, or were too long for it", is.Key, len(entries), s.N, s.Request)
	}
	if out.Entries = entries[:s.N]; s.N == 0 || entries[s.N-1].Leaf != s.Head {
		return out, fmt.Errorf("the events in %s don't lead to the one its state names: somebody has changed them", is.Key)
	}
	if out.Story, err = access.Events(out.Entries); err != nil {
		return out, fmt.Errorf("the events in %s can't be read: %w", is.Key, err)
	}
	if slices.ContainsFunc(out.Story, access.Event.Newer) {
		return out, errors.New(is.Key + " was written by a newer version of Latchkey: recover with that one")
	}
	return out, nil
}

package evidence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/evidence/note"
)

// Writing is what goes into an issue for machines.
type Writing struct {
	Log      string // the log's name
	Site     string // id of the Jira site
	Instance uint64 // of the Latchkey that writes
	Issue    access.Issue
	Case     access.Case
	Entries  []access.Entry // all there are of the request
	At       time.Time
}

// WriteIssue makes what the issue of a request carries for machines: its signed
// state, and the pages with its events.
func WriteIssue(ctx context.Context, sign Sign, w Writing) (access.IssueRecord, error) {
	id, entries := w.Case.Request.ID, w.Entries
	if len(entries) == 0 {
		return access.IssueRecord{}, fmt.Errorf("request %s has no events that could be written down", id)
	}
	if waits := slices.ContainsFunc(entries, func(e access.Entry) bool { return e.Place == 0 }); waits {
		return access.IssueRecord{}, &access.Failure{Class: access.Transient, Sentence: "The latest events of request " + id + " have no place in the log yet; they are told to the issue once they have"}
	}
	pages, _, err := writePages(entries)
	if err != nil {
		return access.IssueRecord{}, fmt.Errorf("write down the events of request %s: %w", id, err)
	}
	head := entries[len(entries)-1]
	s := State{
		Log: w.Log, Site: w.Site, Issue: w.Issue.ID, Creator: w.Issue.Creator, Request: id, N: head.N, Head: head.Leaf, Pages: len(pages), Sum: sumOf(pages),
		Now: access.CourseOf(w.Case.Request, w.Case.Grant), Instance: w.Instance, At: w.At.UTC(),
	}
	text, groups, err := s.fitting()
	if err != nil {
		return access.IssueRecord{}, err
	}
	signed, err := sign(ctx, w.Log, note.State, text)
	return access.IssueRecord{State: signed + groups, Pages: pages}, err
}

// fitting is the document, short enough to be signed, and the line behind the note
// that holds what it has no room for.
func (s State) fitting() (text, groups string, err error) {
	text, err = note.Compose(note.State, s)
	if err != nil || len(text) < note.Limit {
		return text, "", err
	}
	if groups, err = s.putGroups(); err != nil {
		return "", "", fmt.Errorf("write down the groups of request %s: %w", s.Request, err)
	}
	text, err = note.Compose(note.State, s)
	return text, groups, err
}

// Reading is what an issue is read back with.
type Reading struct {
	Trust note.Trust // whose signatures count
	Site  string     // id of the Jira site; "" where it isn't known
}

// ReadIssue reads back what an issue carries, and checks it: that somebody trusted
// signed its state, for this issue of this site; that its pages lead to the event
// the state ends with. Where they say more than was signed, that is the case's
// Doubt; what goes beyond the state is not used.
func (with Reading) ReadIssue(is access.Issue, r access.IssueRecord) (access.RecoveredCase, error) {
	s, o, err := OpenState(with.Trust, r.State)
	if err != nil {
		return access.RecoveredCase{}, fmt.Errorf("the state in %s can't be used: %w", is.Key, err)
	}
	out := access.RecoveredCase{ID: s.Request, Log: s.Log, Issue: is, Was: s.Now, Instance: s.Instance, At: s.At}
	if since, stolen := o.Stolen(); stolen {
		out.Stolen = since
	}
	if err := with.place(is, s); err != nil {
		return out, err
	}
	return out, readStory(&out, s, r)
}

// place checks that a state stands where it was written.
func (with Reading) place(is access.Issue, s State) error {
	switch {
	case s.Site != "" && with.Site != "" && s.Site != with.Site:
		return fmt.Errorf("the state in %s was written for another Jira site: this one is a copy", is.Key)
	case s.Issue != is.ID:
		return fmt.Errorf("the state in %s was written for another issue: this one is a copy, or somebody has copied the state", is.Key)
	case s.Creator != "" && is.Creator != "" && s.Creator != is.Creator:
		return fmt.Errorf("the state in %s was written for an issue that another account had made: this one is a copy, or somebody has copied the state", is.Key)
	}
	return nil
}

// readStory reads the events that the state names.
func readStory(out *access.RecoveredCase, s State, r access.IssueRecord) error {
	key := out.Issue.Key
	signed := r.Pages[:min(len(r.Pages), s.Pages)] // what others put behind them is not even unpacked
	entries, err := readPages(access.RequestSubject(s.Request), signed)
	if uint64(len(entries)) < s.N {
		if err != nil {
			return fmt.Errorf("the events in %s can't be read: %w", key, err)
		}
		return fmt.Errorf("%s holds %d of the %d events of request %s: the others were removed, or were too long for it", key, len(entries), s.N, s.Request)
	}
	if out.Entries = entries[:s.N]; s.N == 0 || entries[s.N-1].Leaf != s.Head {
		return fmt.Errorf("the events in %s don't lead to the one its state names: somebody has changed them", key)
	}
	if len(r.Pages) != s.Pages || sumOf(r.Pages) != s.Sum || err != nil {
		out.Doubt = "the pages with its events are not those that were signed: they were changed, or are newer"
	}
	if out.Story, err = access.Events(out.Entries); err != nil {
		return fmt.Errorf("the events in %s can't be read: %w", key, err)
	}
	if slices.ContainsFunc(out.Story, access.Event.Newer) {
		return errors.New(key + " was written by a newer version of Latchkey: recover with that one")
	}
	return nil
}

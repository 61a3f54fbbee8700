package access

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"latchkey/catalog"
)

// Seed is what chance adds to an event: the end of its id, and its salt.
type Seed [idChance + saltSize]byte

const idChance = 10

// eventID makes a UUID of version 7 (RFC 9562): the moment in milliseconds, then
// chance. Ids of events sort roughly as the events do.
func eventID(at time.Time, chance [idChance]byte) string {
	var id [16]byte
	for i, ms := 0, at.UnixMilli(); i < 6; i++ {
		id[i] = byte(ms >> (40 - 8*i))
	}
	copy(id[6:], chance[:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	b := make([]byte, 0, 36)
	for i, end := range []int{4, 6, 8, 10, 16} {
		from := []int{0, 4, 6, 8, 10}[i]
		b = hex.AppendEncode(b, id[from:end])
		b = append(b, '-')
	}
	return string(b[:36])
}

// TimeOf is when the event with an id happened, to the millisecond; zero for what is no
// id of an event.
func TimeOf(id string) time.Time {
	raw, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(raw) != 16 {
		return time.Time{}
	}
	ms := int64(0)
	for _, b := range raw[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms).UTC()
}

// body is the part of an event that names nobody but by our own ids.
type body struct {
	At         time.Time
	Kind       EventKind
	Grant      string             `json:",omitempty"` // where it is not the subject
	Person     PersonID           `json:",omitempty"`
	App        string             `json:",omitempty"`
	Role       string             `json:",omitempty"`
	By         PersonID           `json:",omitempty"`
	Via        Via                `json:",omitempty"`
	On         Surface            `json:",omitempty"`
	Stage      int                `json:",omitempty"`
	Approvers  []PersonID         `json:",omitempty"`
	Also       []PersonID         `json:",omitempty"`
	Standby    []PersonID         `json:",omitempty"`
	Unread     []string           `json:",omitempty"`
	Delegates  []Delegate         `json:",omitempty"`
	For        PersonID           `json:",omitempty"`
	Lacking    int                `json:",omitempty"` // how many are missing; who they are is private
	Lacks      []string           `json:",omitempty"`
	Answer     EventKind          `json:",omitempty"`
	Reused     bool               `json:",omitempty"`
	Basis      *Basis             `json:",omitempty"`
	SignedIn   *SignedIn          `json:",omitempty"` // without the account
	Checked    string             `json:",omitempty"`
	Wanted     time.Duration      `json:",omitempty"`
	From       time.Time          `json:",omitzero"`
	Until      time.Time          `json:",omitzero"`
	End        End                `json:",omitempty"`
	Direction  Direction          `json:",omitempty"`
	Group      *catalog.GroupRef  `json:",omitempty"`
	Before     bool               `json:",omitempty"`
	Issue      *Issue             `json:",omitempty"`
	Opening    *opening           `json:",omitempty"`
	Groups     []catalog.GroupRef `json:",omitempty"`
	Manual     bool               `json:",omitempty"`
	Birthright string             `json:",omitempty"`
	Missing    uint64             `json:",omitempty"`
	Wait       *FollowUp          `json:",omitempty"`
	Review     *ReviewDetails     `json:",omitempty"` // without what names people
	Reclaim    *ReclaimDetails    `json:",omitempty"`
}

// private is the part of an event that names or quotes people.
type private struct {
	Account      string                `json:",omitempty"`
	Reason       string                `json:",omitempty"`
	Note         string                `json:",omitempty"`
	Origin       string                `json:",omitempty"`
	Conversation string                `json:",omitempty"`
	Unlisted     string                `json:",omitempty"`
	Incident     string                `json:",omitempty"`
	Unfound      []string              `json:",omitempty"`
	Named        []string              `json:",omitempty"` // the addresses that the body leaves out of an opening
	Creator      string                `json:",omitempty"` // the account that made the issue
	SignedIn     string                `json:",omitempty"` // the account that was signed in to
	Definition   *catalog.Review       `json:",omitempty"`
	Unproven     []string              `json:",omitempty"`
	People       map[PersonID]Identity `json:",omitempty"`
}

func (p *private) empty() bool {
	return p.Account == "" && p.Reason == "" && p.Note == "" && p.Origin == "" && p.Conversation == "" &&
		p.Unlisted == "" && p.Incident == "" && p.Creator == "" && p.SignedIn == "" && p.Definition == nil && len(p.Unproven) == 0 && len(p.Unfound) == 0 && len(p.Named) == 0 && len(p.People) == 0
}

// Encode makes an entry of an event that has just happened: it still has to be
// chained. This is the only time its bytes are written.
func (e Event) Encode(seed Seed) (Entry, error) {
	out := Entry{ID: eventID(e.At, [idChance]byte(seed[:idChance])), Subject: e.About(), Schema: eventSchema}
	b, p := e.split(out.Subject)
	var err error
	if out.Body, err = json.Marshal(b); err != nil {
		return Entry{}, fmt.Errorf("write down the event %s of %s: %w", e.Kind, out.Subject, err)
	}
	if p.empty() {
		return out, nil
	}
	if out.Private, err = json.Marshal(p); err != nil {
		return Entry{}, fmt.Errorf("write down the event %s of %s: %w", e.Kind, out.Subject, err)
	}
	out.Salt = seed[idChance:]
	return out, nil
}

// About is the subject the event belongs to: the one it names, else what it is about.
func (e Event) About() Subject {
	switch {
	case e.Subject != Subject{}:
		return e.Subject
	case e.Request != "":
		return RequestSubject(e.Request)
	case e.Grant != "":
		return GrantSubject(e.Grant)
	}
	return LogSubject()
}

func (e Event) split(s Subject) (*body, *private) {
	b := &body{
		At: e.At.UTC(), Kind: e.Kind, Grant: e.Grant, Person: e.Person, App: e.App, Role: e.Role, By: e.Actor.Person, Via: e.Actor.Via, On: e.Actor.On,
		Stage: e.Stage, Approvers: e.Approvers, Also: e.Also, Delegates: e.Delegates, For: e.For, Standby: e.Standby, Unread: e.Unread, Lacking: len(e.Unfound), Lacks: e.Lacks, Answer: e.Answer, Reused: e.Reused, Basis: e.Basis, SignedIn: e.SignedIn.bare(), Checked: e.Checked, Wanted: e.Wanted, From: e.From.UTC(), Until: e.Until.UTC(), End: e.End, Direction: e.Direction,
		Group: e.Group, Before: e.Before, Issue: e.Issue, Groups: e.Groups, Manual: e.Manual, Birthright: e.Birthright, Missing: e.Missing, Wait: e.Wait,
	}
	if s == GrantSubject(e.Grant) {
		b.Grant = ""
	}
	creator := ""
	if is := e.Issue; is != nil && is.Creator != "" {
		bare := *is
		creator, bare.Creator = is.Creator, ""
		b.Issue = &bare
	}
	p := &private{Account: e.Actor.Account, Reason: e.Reason, Note: e.Note, Origin: e.Origin, Unfound: e.Unfound, People: e.People, Creator: creator, SignedIn: e.SignedIn.account()}
	b.Review, p.Definition, p.Unproven = e.Review.split()
	b.Reclaim = e.Reclaim
	if o := e.Opening; o != nil {
		b.Opening, p.Named = o.split()
		p.Conversation, p.Unlisted, p.Incident = o.Conversation, o.Unlisted, o.Incident
	}
	return b, p
}

// As is the event as it was kept by the entry.
func (e Event) As(kept Entry) Event {
	e.ID, e.Subject, e.N, e.Prev, e.Leaf, e.Place, e.Schema = kept.ID, kept.Subject, kept.N, kept.Prev, kept.Leaf, kept.Place, kept.Schema
	e.At, e.Erased = e.At.UTC(), kept.Erased != Hash{}
	return e
}

// Newer reports whether the entry's form is one that this version does not know.
func (e Entry) Newer() bool { return e.Schema > eventSchema }

// Event is what the entry means. Of one that a newer version has written, only
// what the entry itself says is certain: see Event.Newer.
func (e Entry) Event() (Event, error) {
	var b body
	var p private
	if err := e.read(&b); err != nil {
		return Event{}, err
	}
	if len(e.Private) > 0 && !e.Newer() {
		if err := json.Unmarshal(e.Private, &p); err != nil {
			return Event{}, fmt.Errorf("the private part of event %s of %s can't be read: %w", e.ID, e.Subject, err)
		}
	}
	return b.event(p, e).As(e), nil
}

// Bare is Event without what was asked for at the beginning, and without what names or quotes
// people: most of the bytes, and few need them.
func (e Entry) Bare() (Event, error) {
	var b struct {
		body
		Opening unread // instead of the body's
	}
	err := e.read(&b)
	return b.event(private{}, e).As(e), err
}

// unread is a value that isn't needed.
type unread struct{}

// UnmarshalJSON reads nothing.
func (*unread) UnmarshalJSON([]byte) error { return nil }

// read reads the body. Of one that a newer version has written, it reads what can be
// understood, for people to read.
func (e Entry) read(what any) error {
	if e.Schema < 1 {
		return fmt.Errorf("event %s of %s has no schema, so it was not written by Latchkey", e.ID, e.Subject)
	}
	if err := json.Unmarshal(e.Body, what); err != nil && !e.Newer() {
		return fmt.Errorf("event %s of %s can't be read: %w", e.ID, e.Subject, err)
	}
	return nil
}

func (b body) event(p private, kept Entry) Event {
	out := Event{
		At: b.At, Kind: b.Kind, Request: kept.Subject.Request(), Grant: b.Grant, Person: b.Person, App: b.App, Role: b.Role,
		Actor: Actor{Person: b.By, Via: b.Via, Account: p.Account, On: b.On},
		Stage: b.Stage, Approvers: b.Approvers, Also: b.Also, Delegates: b.Delegates, For: b.For, Standby: b.Standby, Unread: b.Unread, Unfound: unfound(b.Lacking, p.Unfound), Lacks: b.Lacks, Answer: b.Answer, Reused: b.Reused, Basis: b.Basis, SignedIn: b.SignedIn.of(p.SignedIn), Checked: b.Checked, Reason: p.Reason, Wanted: b.Wanted, From: b.From, Until: b.Until, End: b.End, Direction: b.Direction,
		Group: b.Group, Before: b.Before, Issue: b.Issue, Origin: p.Origin, Note: p.Note, Groups: b.Groups, Manual: b.Manual, Birthright: b.Birthright, Missing: b.Missing, Wait: b.Wait, People: p.People,
	}
	if kept.Subject.Kind == SubjectGrant && out.Grant == "" {
		out.Grant = kept.Subject.ID
	}
	if out.Issue != nil && p.Creator != "" {
		is := *out.Issue
		is.Creator = p.Creator
		out.Issue = &is
	}
	out.Review, out.Reclaim = b.Review.whole(p), b.Reclaim
	if o := b.Opening; o != nil {
		out.Opening = o.whole(p)
	}
	return out
}

// unfound are those who could not be asked; where who they were was erased, still
// as many.
func unfound(n int, names []string) []string {
	for len(names) < n {
		names = append(names[:len(names):len(names)], Unnamed)
	}
	return names
}

// Events are what entries mean, in the same order.
func Events(entries []Entry) ([]Event, error) {
	out := make([]Event, 0, len(entries))
	for _, entry := range entries {
		e, err := entry.Event()
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

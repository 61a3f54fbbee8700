package ledger

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// FollowTask has the issue of a report stand as what it is about, until that is over.
const FollowTask = "issue.follow"

// ThenFollow names what follows where the issue of a report, once it exists, stands as something does: a Followed without an issue.
const ThenFollow = "follow"

// Followed is an issue that belongs to no request, and what it is about.
type Followed struct {
	ID     string // of the report
	Issue  access.Issue
	People []access.PersonID `json:",omitempty"` // what they hold
	Before time.Time         `json:",omitzero"`  // but not what was given later
	By     access.Issue      `json:",omitzero"`  // and only what came by a birthright that is recorded in this issue
	Found  bool              `json:",omitempty"` // and what is written there as found and is being removed, whoever holds it
	Given  bool              `json:",omitempty"` // it is about access that is to be there; otherwise it has to be gone
	Closed bool              `json:",omitempty"` // it was closed when access was given: what is to be done about that has to be found all the same
	Outage string            `json:",omitempty"` // the service that doesn't work
	Done   string            `json:",omitempty"` // what is said on the issue in the end
}

// Follow has an issue stand as what it is about. The same again is looked at now.
func Follow(u *engine.Unit, f Followed) error { return FollowFrom(u, f, u.At) }

// FollowFrom is Follow, but for the first look, which is at a moment.
func FollowFrom(u *engine.Unit, f Followed, at time.Time) error {
	body, err := engine.Payload(f)
	if err != nil || f.Issue.ID == "" {
		return err
	}
	t := store.Task{ID: "follow/" + f.ID, Queue: engine.HouseQueue, Kind: FollowTask, Priority: store.Notices, Payload: body}
	added, err := u.EnqueueFor(t, at)
	if err != nil || added || at.After(u.At) {
		return err
	}
	return u.Expedite(t.ID)
}

// LookNow has it looked now at what the issue of a report is about, if it is followed.
func LookNow(u *engine.Unit, id string) error {
	if err := u.Expedite("follow/" + id); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// Rare looks are for what lasts: from each minute on to four an hour.
const (
	lookSoon = time.Minute
	lookLate = 15 * time.Minute
)

// follow is the handler of FollowTask.
func (s *Service) follow(ctx context.Context, t store.Task) (engine.Outcome, error) {
	f, err := engine.ReadPayload[Followed](t)
	if err != nil {
		return nil, err
	}
	var now access.IssueStanding
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		now, err = f.stands(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if now == access.IssueOver || now == access.IssueGiven {
		return func(u *engine.Unit) error { return f.over(u, now) }, nil
	}
	if err := s.units.Update(ctx, func(u *engine.Unit) error { return f.note(u, now) }); err != nil {
		return nil, err
	}
	again := min(max(s.units.Now().Sub(t.Created)/10, lookSoon), lookLate)
	return nil, &access.Failure{Class: access.Limited, After: again, Sentence: "What the issue " + f.Issue.Key + " is about is not over yet"}
}

// stands tells how it stands.
func (f Followed) stands(tx store.Tx) (access.IssueStanding, error) {
	if f.Outage != "" {
		t, err := store.LoadTally(tx, Outage(f.Outage))
		if errors.Is(err, store.ErrNotFound) || err == nil && t.Count == 0 {
			return access.IssueOver, nil
		}
		return access.IssueStuck, err
	}
	all, damaged, err := f.grants(tx)
	if err != nil {
		return "", err
	}
	now := access.IssueOver
	if damaged > 0 {
		now = access.IssueRunning
	}
	for _, g := range all {
		now = worse(now, f.standing(g))
	}
	return now, nil
}

// Outage names what is noted while a service doesn't work.
func Outage(service string) string { return "outage|" + service }

// standing is how it stands with one grant that hasn't ended.
func (f Followed) standing(g access.Grant) access.IssueStanding {
	switch {
	case g.State == access.GrantStuck:
		return access.IssueStuck
	case g.State == access.GrantManual:
		return access.IssueByHand
	case g.State == access.GrantActive && f.Given:
		return access.IssueGiven
	}
	return access.IssueRunning
}

// worse is what says more of two: what somebody has to do, then what goes on, then what is there.
func worse(a, b access.IssueStanding) access.IssueStanding {
	for _, one := range []access.IssueStanding{access.IssueStuck, access.IssueByHand, access.IssueRunning, access.IssueGiven} {
		if a == one || b == one {
			return one
		}
	}
	return access.IssueOver
}

// grants are those that an issue is about and that haven't ended; damaged counts records that can't be read.
func (f Followed) grants(tx store.Tx) (all []access.Grant, damaged int, err error) {
	for _, who := range f.People {
		some, damage, err := store.Sound(store.OpenGrantsOf(tx, who))
		if err != nil {
			return nil, 0, err
		}
		damaged += len(damage)
		for _, g := range some {
			if f.about(g) {
				all = append(all, g)
			}
		}
	}
	if !f.Found {
		return all, damaged, nil
	}
	found, err := foundIn(tx, f.Issue)
	return append(all, found...), damaged, err
}

func (f Followed) about(g access.Grant) bool {
	if f.By.ID != "" {
		return g.Source == access.SourceBirthright && g.Issue.ID == f.By.ID
	}
	return f.Before.IsZero() || !g.Created.After(f.Before)
}

// note has the issue say what became of it meanwhile, if that is news.
func (f Followed) note(u *engine.Unit, now access.IssueStanding) error {
	news := false
	for _, one := range []access.IssueStanding{access.IssueStuck, access.IssueByHand} {
		changed, err := u.Becomes("follow|"+f.ID+"|"+string(one), one == now)
		if err != nil {
			return err
		}
		news = news || changed
	}
	switch {
	case !news:
		return nil
	case f.Closed && now != access.IssueRunning:
		return f.apart(u, now)
	}
	return Stand(u, f.Issue, now)
}

// apart has somebody find what they have to do although the issue about it was closed when access was given: it is opened again,
// or what is to be done has an issue of its own.
func (f Followed) apart(u *engine.Unit, now access.IssueStanding) error {
	r := access.IssueReport{ID: "TD-" + rand.Text()[:8], At: u.At, Title: "To be seen to: " + f.Issue.Key, Standing: now,
		Lines: []string{fmt.Sprintf("Something that %s is about doesn't go on by itself. It says what. This is closed once it does.", f.Issue.Key)}}
	of := Followed{ID: r.ID, People: f.People, By: f.Issue, Given: true, Done: "Done: what didn't go on by itself is there, or gone."}
	return ReportOn(u, f.Issue, r, ThenFollow, of)
}

// over says on the issue that it is over, and closes it.
func (f Followed) over(u *engine.Unit, now access.IssueStanding) error {
	for _, one := range []access.IssueStanding{access.IssueStuck, access.IssueByHand} {
		if _, err := u.Becomes("follow|"+f.ID+"|"+string(one), false); err != nil {
			return err
		}
	}
	if f.Done != "" {
		body := access.IssueComment{ID: f.ID + "/gone", At: u.At, Title: f.Done}
		if err := AddComment(u, Comment{Marker: body.ID, Issue: f.Issue, Body: body}); err != nil {
			return err
		}
	}
	if f.By.ID != "" && f.By.ID != f.Issue.ID { // access stands there
		now = access.IssueOver
	}
	return Stand(u, f.Issue, now)
}

// followReport is what follows when the issue exists of a report that names ThenFollow.
func followReport(u *engine.Unit, r access.IssueReport, about json.RawMessage, issue access.Issue) error {
	var f Followed
	if err := json.Unmarshal(about, &f); err != nil {
		return fmt.Errorf("read what the issue %s follows: %w", issue.Key, err)
	}
	f.Issue = issue
	if f.By.ID != "" && f.By.ID != issue.ID {
		if err := Relate(u, issue, f.By); err != nil {
			return err
		}
	}
	return Follow(u, f)
}

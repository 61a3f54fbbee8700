package anchor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note"
	"latchkey/evidence/witness"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
)

// place is somewhere outside where notes are posted.
type place struct {
	name    string // in the store and in tasks
	called  string // by people
	queue   string
	witness string // its name, where it is one
	post    func(ctx context.Context, a store.Anchor, again bool) (posted, error)
}

// posted is what came of it.
type posted struct {
	at         time.Time // by the place's clock; zero where it has none
	checkpoint string    // with another's signature; empty: as it was
}

// places are all that are configured.
func (o *outside) places() []place {
	var all []place
	if o.issues != nil {
		all = append(all, place{name: "jira", called: "Jira", queue: ledger.Queue, post: o.postInJira})
	}
	if o.channel != nil {
		all = append(all, place{name: "slack", called: "the IT channel", queue: notify.Queue, post: func(ctx context.Context, a store.Anchor, again bool) (posted, error) {
			bare := postOf(a)
			bare.List = "" // a message's metadata is no place for long lists
			at, err := o.channel.PostAnchor(ctx, wordsOf(a, bare), again)
			return posted{at: at}, err
		}})
	}
	for _, f := range o.files {
		all = append(all, place{name: "file/" + f.Name(), called: "the file " + f.Name(), queue: engine.HouseQueue, post: func(ctx context.Context, a store.Anchor, again bool) (posted, error) {
			_, err := f.PostAnchor(ctx, wordsOf(a, postOf(a)), again)
			return posted{}, err
		}})
	}
	for _, w := range o.witness {
		all = append(all, place{name: "witness/" + w.Name(), called: "the witness " + w.Name(), queue: engine.HouseQueue, witness: w.Name(), post: func(ctx context.Context, a store.Anchor, _ bool) (posted, error) {
			return o.cosign(ctx, w, a)
		}})
	}
	return all
}

func (o *outside) placeNamed(name string) (place, bool) {
	for _, p := range o.places() {
		if p.name == name {
			return p, true
		}
	}
	return place{}, false
}

func postOf(a store.Anchor) anchor.Post {
	return anchor.Post{Checkpoint: a.Checkpoint, Heads: a.Heads, List: a.List}
}

// wordsOf is what people read of a note.
func wordsOf(a store.Anchor, p anchor.Post) access.AnchorNote {
	raw, _ := json.Marshal(p) // texts always can be
	return access.AnchorNote{
		ID: "anchor/" + a.ID, At: a.At, Post: raw,
		Title: fmt.Sprintf("The head of Latchkey's log, note %d: %s.", a.No, counted(a.Size)),
		Lines: []string{"Log: " + a.Log, "Root of the tree: " + a.Root.String(), "Whoever keeps this can show later that nothing before it was changed: latchkey evidence verify."},
	}
}

func counted(n uint64) string {
	if n == 1 {
		return "1 event"
	}
	return fmt.Sprintf("%d events", n)
}

// commentLimit is how many notes one issue takes; Jira holds 5,000 comments.
const commentLimit = 4900

// postInJira writes a note as a comment on the issue of the year.
func (o *outside) postInJira(ctx context.Context, a store.Anchor, again bool) (posted, error) {
	issue, err := o.issueOf(ctx, a, again)
	if err != nil {
		return posted{}, err
	}
	at, err := o.issues.PostAnchor(ctx, issue, wordsOf(a, postOf(a)), again)
	if err != nil && access.Classify(err).Class == access.Rejected { // it was deleted, or takes no more
		err = errors.Join(err, o.units.Update(ctx, func(u *engine.Unit) error {
			now, err := store.LoadAnchoring(u.Tx)
			if err == nil && now.Issue.ID == issue.ID {
				now.Issue, now.Comments = access.Issue{}, 0 // Opened stays: that one is not taken again
				err = errors.Join(store.PutAnchoring(u.Tx, &now), ledger.Close(u, issue))
			}
			return err
		}))
	}
	return posted{at: at}, err
}

// issueOf is the issue that a note belongs in. It is found, or else made.
func (o *outside) issueOf(ctx context.Context, a store.Anchor, again bool) (access.Issue, error) {
	now, err := o.anchoring(ctx)
	if err != nil {
		return access.Issue{}, err
	}
	if now.Issue.ID != "" && now.Comments < commentLimit && a.At.Sub(now.Opened) < issueLasts {
		return now.Issue, nil
	}
	opened, issue, err := o.findIssue(ctx, a, now)
	if err == nil && issue.ID == "" {
		if err := o.surelyNone(a.Log, now); err != nil {
			return issue, err
		}
		var since time.Time
		if again {
			since = a.At
		}
		opened = a.At
		issue, err = o.issues.OpenReport(ctx, o.reportOf(a), since)
	}
	if err != nil {
		return issue, err
	}
	return issue, o.units.Update(ctx, func(u *engine.Unit) error {
		kept, err := store.LoadAnchoring(u.Tx)
		if err != nil || kept.Issue.ID == issue.ID {
			return err
		}
		if err := errors.Join(ledger.Stand(u, issue, access.IssueRunning), ledger.Close(u, kept.Issue)); err != nil {
			return err
		}
		kept.Opened, kept.Comments, kept.Issue = opened, 0, issue
		return store.PutAnchoring(u.Tx, &kept)
	})
}

// seek looks for the issue of a log that goes on from another, so that what isn't found when
// the first note is posted was not found before either.
func (s *Service) seek(ctx context.Context) {
	now, err := s.outside.anchoring(ctx)
	if err != nil || s.outside.archive == nil || !now.Opened.IsZero() || now.Issue.ID != "" {
		return
	}
	log := ""
	if err := s.units.View(ctx, func(tx store.Tx) (err error) { log, err = store.LogName(tx); return err }); err != nil {
		return
	}
	if _, epoch, err := note.Epoch(log); err != nil || epoch == 1 {
		return
	}
	if _, id, err := s.outside.archive.AnchorIssue(ctx, markOf(log)); err == nil && id == "" {
		s.outside.noIssue.missed(s.units.Now(), log)
	}
}

// surelyNone refuses to open an issue for a log that goes on from another, whose issue
// should be there, before it was looked for twice.
func (o *outside) surelyNone(log string, now store.Anchoring) error {
	_, epoch, err := note.Epoch(log)
	if err != nil || epoch == 1 || !now.Opened.IsZero() || len(o.noIssue.missed(o.units.Now(), log)) > 0 {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: time.Minute,
		Sentence: "The issue with what is anchored of the log isn't found. It is looked for again before another is opened"}
}

// issueLasts is how long notes go into one issue.
const issueLasts = 365 * 24 * time.Hour

const issueTime = "20060102T1504"

// findIssue finds an issue that was opened for notes of this log, if the store doesn't
// know of it: it may be an older one, or new.
func (o *outside) findIssue(ctx context.Context, a store.Anchor, now store.Anchoring) (opened time.Time, issue access.Issue, err error) {
	if now.Issue.ID != "" { // it is full, or a year old
		return opened, issue, nil
	}
	issue, id, err := o.archive.AnchorIssue(ctx, markOf(a.Log))
	if err != nil || id == "" {
		return opened, access.Issue{}, err
	}
	opened, bad := time.Parse(issueTime, strings.TrimPrefix(id, markOf(a.Log)))
	if bad != nil || opened.Equal(now.Opened) || a.At.Sub(opened) >= issueLasts {
		return time.Time{}, access.Issue{}, nil
	}
	return opened, issue, nil
}

// markOf begins the id of every issue for notes of a log's family.
func markOf(log string) string { return "LK-ANCHORS-" + wordOf(log) + "-" }

// reportOf is the issue of a year.
func (o *outside) reportOf(a store.Anchor) access.IssueReport {
	return access.IssueReport{
		ID: markOf(a.Log) + a.At.UTC().Format(issueTime), At: a.At, Title: "Heads of Latchkey's log since " + a.At.UTC().Format("2 Jan 2006"),
		Lines: []string{
			"Latchkey writes here once a day how its log stands, so that nobody can change later what it said before. Please leave this issue and its comments as they are.",
			"Log: " + a.Log, "Public key: " + o.publicKey(a.Log), "It is internal: customers don't need it.",
		},
	}
}

// publicKey is the key that the log is signed with, as a witness wants it.
func (o *outside) publicKey(log string) string {
	for _, k := range o.trust().Keys() {
		if note.Family(k.Name()) == note.Family(log) {
			return k.In(log)
		}
	}
	return "unknown"
}

func (o *outside) anchoring(ctx context.Context) (now store.Anchoring, err error) {
	err = o.units.View(ctx, func(tx store.Tx) (err error) {
		now, err = store.LoadAnchoring(tx)
		return err
	})
	return now, err
}

// cosign shows a note's checkpoint to a witness. Which size the witness has seen last
// it says itself where that isn't known.
func (o *outside) cosign(ctx context.Context, w Witness, a store.Anchor) (posted, error) {
	now, err := o.anchoring(ctx)
	if err != nil {
		return posted{}, err
	}
	old := now.Witnessed[w.Name()]
	for range 2 {
		var signed string
		signed, err = o.cosignFrom(ctx, w, a, old)
		if err == nil {
			at, err := w.Seen(signed)
			return posted{at, signed}, err
		}
		ahead := new(witness.Ahead)
		if !errors.As(err, &ahead) || ahead.Size > a.Size {
			return posted{}, err
		}
		old = ahead.Size
	}
	return posted{}, err
}

func (o *outside) cosignFrom(ctx context.Context, w Witness, a store.Anchor, old uint64) (string, error) {
	proof, err := o.growth(ctx, old, a.Size)
	if err != nil {
		return "", err
	}
	return w.Cosign(ctx, old, proof, a.Checkpoint)
}

func (o *outside) growth(ctx context.Context, old, size uint64) (proof tlog.TreeProof, err error) {
	if old == 0 || old >= size {
		return nil, nil
	}
	err = o.units.View(ctx, func(tx store.Tx) (err error) {
		proof, err = evidence.ProveGrowth(tx, old, size)
		return err
	})
	return proof, err
}

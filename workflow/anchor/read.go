package anchor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note"
	"latchkey/evidence/witness"
	"latchkey/store"
)

// look is what was seen of the places outside.
type look struct {
	reading anchor.Reading
	jira    error // why Jira could not be read
	witness *anchor.Anchor
	history error // a witness has seen another history

	unfound *store.Anchor // a newer note than any that was found is known to be outside; nil if none is
	gone    bool          // it is not there for certain
	lost    []string      // what is missing for certain, as sentences
}

// Read reads what is anchored outside: the newest of it, or all. What can't be read
// is named in it.
func (s *Service) Read(ctx context.Context, whole bool) (anchor.Reading, error) {
	l, err := s.outside.read(ctx, whole)
	return l.reading, err
}

func (o *outside) read(ctx context.Context, whole bool) (look, error) {
	var log string
	var own []store.Anchor
	err := o.units.View(ctx, func(tx store.Tx) (err error) {
		if log, err = store.LogName(tx); err == nil && len(o.witness) > 0 {
			own, err = allAnchors(tx)
		}
		return err
	})
	if err != nil {
		return look{}, err
	}
	return o.readLog(ctx, log, own, whole), nil
}

// readLog asks all places side by side.
func (o *outside) readLog(ctx context.Context, log string, own []store.Anchor, whole bool) look {
	var l look
	var asking sync.WaitGroup
	found := make([]anchor.Found, 2+len(o.files))
	if o.archive != nil {
		asking.Go(func() {
			copies, doubts, err := o.archive.Anchors(ctx, wordOf(log), whole)
			found[0], l.jira = foundIn("Jira", copies, doubts, err, false), err
			found[0].Whole = whole && err == nil
		})
	}
	if o.channel != nil {
		asking.Go(func() {
			copies, doubts, err := o.channel.Anchors(ctx, whole)
			found[1] = foundIn("the IT channel", copies, doubts, err, true)
		})
	}
	for i, f := range o.files {
		asking.Go(func() {
			copies, err := f.Anchors(ctx)
			found[2+i] = foundIn("the file "+f.Name(), copies, nil, err, false)
		})
	}
	asking.Wait()
	l.reading = anchor.Read(o.trust(), log, append(found, o.cosigned(own))...)
	return l
}

func foundIn(where string, copies []access.AnchorCopy, doubts []string, err error, bare bool) anchor.Found {
	f := anchor.Found{Doubts: doubts}
	if err != nil {
		f.Unread = "What is anchored in " + where + " can't be read: " + strings.TrimSuffix(access.Classify(err).Sentence, ".") + "."
	}
	for _, c := range copies {
		f.Copies = append(f.Copies, anchor.Copy{Post: anchor.ParsePost(c.Post), Where: c.Where, At: c.At, Draft: c.Draft, Bare: bare})
	}
	return f
}

// cosigned are the notes that a witness has signed: that they are kept here takes
// nothing from its signature.
func (o *outside) cosigned(own []store.Anchor) (f anchor.Found) {
	for _, a := range own {
		for _, w := range o.witness {
			if at, err := w.Seen(a.Checkpoint); err == nil {
				f.Copies = append(f.Copies, anchor.Copy{Post: anchor.Post{Checkpoint: a.Checkpoint, Heads: a.Heads}, Where: "witness " + w.Name(), At: at, Bare: true})
			}
		}
	}
	return f
}

// ask shows the witnesses the newest checkpoint, to hear whether they remember more.
func (o *outside) ask(ctx context.Context, l *look, log string) error {
	if len(o.witness) == 0 {
		return nil
	}
	now, err := o.anchoring(ctx)
	if err != nil || now.Log != log || now.Size == 0 {
		return err
	}
	for _, w := range o.witness {
		_, err := o.cosign(ctx, w, store.Anchor{Log: log, Size: now.Size, Checkpoint: now.Checkpoint})
		ahead := new(witness.Ahead)
		switch {
		case errors.As(err, &ahead) && ahead.Size > now.Size:
			l.witness = &anchor.Anchor{Checkpoint: anchor.Checkpoint{Log: log, Size: ahead.Size}, Where: "witness " + w.Name()}
		case errors.Is(err, witness.ErrHistory):
			l.history = err
		case err != nil:
			l.reading.Doubts = append(l.reading.Doubts, access.Classify(err).Sentence+".")
		}
	}
	return nil
}

// Heads are what anchored notes say Jira was seen to hold of each subject.
func (s *Service) Heads(ctx context.Context) (evidence.Heads, error) {
	l, err := s.outside.read(ctx, true)
	return l.reading.Heads(), errors.Join(err, l.jira)
}

// wordOf is what tells the family of a log from others, as ids of issues have it.
func wordOf(log string) string {
	family := note.Family(log)
	return strings.ToUpper(family[strings.LastIndex(family, "/")+1:])
}

func allAnchors(tx store.Tx) (all []store.Anchor, err error) {
	const page = 500
	for after := ""; ; after = all[len(all)-1].ID {
		some, _, err := store.Sound(store.Anchors(tx, after, page))
		if all = append(all, some...); err != nil || len(some) < page {
			return all, err
		}
	}
}

// weigh says what is missing for certain of what a look should have shown. Where Jira did
// not answer, nothing is: nobody has looked.
func (s *Service) weigh(l *look) {
	if l.jira != nil {
		return
	}
	missed := l.reading.Lost()
	newest := ""
	if l.unfound != nil {
		newest = fmt.Sprintf("The newest note, no. %d, was posted and isn't found any more.", l.unfound.No)
		missed = append(missed, newest)
	}
	l.lost = s.absent.missed(s.units.Now(), missed...)
	for _, sure := range l.lost {
		l.gone = l.gone || sure == newest
	}
}

// tooShort refuses to take for a comparison what shows less than was posted, until it is
// certain that the rest is gone.
func (l look) tooShort() error {
	if l.unfound == nil || l.gone {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: time.Minute,
		Sentence: fmt.Sprintf("What is anchored is not shown as far as it was posted: note no. %d isn't found. It is looked for again before anything follows from that", l.unfound.No)}
}

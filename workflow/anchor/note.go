package anchor

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// draft is a note in the making.
type draft struct {
	now   store.Anchoring
	heads anchor.Heads
	seen  []store.Seen
	list  string
	text  string // of the heads note
	post  anchor.Post
}

// errMoved: something else was anchored while a note was being signed.
var errMoved = errors.New("something else was anchored meanwhile")

// compose signs how the log stands now. ok is false while it is empty: then there is
// nothing to say.
func (s *Service) compose(ctx context.Context) (d draft, ok bool, err error) {
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		d, err = s.gather(tx)
		return err
	})
	if err != nil || d.heads.Size == 0 {
		return d, false, err
	}
	if d.text, err = d.heads.String(); err != nil {
		return d, false, err
	}
	log := d.heads.Log
	if d.post.Checkpoint, err = s.sign(ctx, log, note.Checkpoint, d.heads.Checkpoint().String()); err != nil {
		return d, false, fmt.Errorf("sign the head of the log: %w", err)
	}
	if d.post.Heads, err = s.sign(ctx, log, note.Heads, d.text); err != nil {
		return d, false, fmt.Errorf("sign a heads note: %w", err)
	}
	d.post.List = d.list
	return d, true, nil
}

// gather reads what a note says.
func (s *Service) gather(tx store.Tx) (d draft, err error) {
	if d.now, err = store.LoadAnchoring(tx); err != nil {
		return d, err
	}
	log, err := store.LogName(tx)
	if err != nil {
		return d, err
	}
	signing, err := store.LoadSigning(tx)
	if err != nil {
		return d, err
	}
	d.heads = anchor.Heads{Log: log, No: 1, Instance: signing.Instance, At: s.units.Now()}
	if d.now.Log == log {
		d.heads.No, d.heads.Prev, d.heads.Since = d.now.No+1, d.now.Sum, d.now.Made
	}
	if d.heads.Size, err = tx.Size(); err != nil || d.heads.Size == 0 {
		return d, err
	}
	if d.heads.Root, err = evidence.Root(tx, d.heads.Size); err != nil {
		return d, err
	}
	d.seen, _, err = store.Sound(store.SeenAnew(tx, anchor.LineLimit))
	lines := make([]anchor.Line, len(d.seen))
	for i, seen := range d.seen {
		lines[i] = anchor.LineOf(seen.Subject, seen.N, seen.Leaf)
	}
	d.list = anchor.EncodeList(lines)
	d.heads.List = anchor.ListSum(d.list)
	return d, err
}

// Note makes a heads note, and further ones while there is more to tell than one
// holds, and has them posted everywhere.
func (s *Service) Note(ctx context.Context) error {
	if s.sign == nil {
		return nil
	}
	for {
		d, ok, err := s.compose(ctx)
		if err != nil || !ok {
			return err
		}
		err = s.units.Update(ctx, func(u *engine.Unit) error { return s.keep(u, d) })
		if errors.Is(err, errMoved) {
			continue
		}
		if err != nil || len(d.seen) < anchor.LineLimit {
			return err
		}
	}
}

// keep stores a note and asks for it to be posted.
func (s *Service) keep(u *engine.Unit, d draft) error {
	now, err := store.LoadAnchoring(u.Tx)
	if err != nil {
		return err
	}
	if now.Version != d.now.Version {
		return errMoved
	}
	h := d.heads
	a := store.Anchor{
		ID: store.AnchorID(h.Log, h.No), Log: h.Log, No: h.No, Size: h.Size, Root: h.Root, At: h.At,
		Checkpoint: d.post.Checkpoint, Heads: d.post.Heads, List: d.list,
	}
	if err := store.PutAnchor(u.Tx, &a); err != nil {
		return err
	}
	for _, seen := range d.seen {
		if err := store.NoteSeen(u.Tx, seen); err != nil {
			return err
		}
	}
	now.No, now.Sum, now.Made = h.No, anchor.Sum(d.text), h.At
	noted(&now, d)
	if err := store.PutAnchoring(u.Tx, &now); err != nil {
		return err
	}
	for _, p := range s.outside.places() {
		if err := enqueue(u, p, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// noted takes over the newest checkpoint.
func noted(now *store.Anchoring, d draft) {
	now.Checkpoint, now.Log, now.Size, now.At = d.post.Checkpoint, d.heads.Log, d.heads.Size, d.heads.At
}

// Checkpoint makes a signed checkpoint if something happened since the newest one.
func (s *Service) Checkpoint(ctx context.Context) error {
	if s.sign == nil {
		return nil
	}
	var now store.Anchoring
	head := anchor.Checkpoint{}
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		if now, err = store.LoadAnchoring(tx); err != nil {
			return err
		}
		if head.Size, err = tx.Size(); err != nil || head.Size == 0 {
			return err
		}
		if head.Log, err = store.LogName(tx); err != nil || head.Log == now.Log && head.Size == now.Size {
			return err
		}
		head.Root, err = evidence.Root(tx, head.Size)
		return err
	})
	if err != nil || head.Root == (access.Hash{}) {
		return err
	}
	at := s.units.Now()
	signed, err := s.sign(ctx, head.Log, note.Checkpoint, head.String())
	if err != nil {
		return fmt.Errorf("sign the head of the log: %w", err)
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		now, err := store.LoadAnchoring(u.Tx)
		if err != nil || now.Log == head.Log && now.Size >= head.Size {
			return err
		}
		if now.Log != head.Log { // another log begins: so do its notes
			now.No, now.Sum, now.Made = 0, access.Hash{}, at
		}
		now.Checkpoint, now.Log, now.Size, now.At = signed, head.Log, head.Size, at
		return store.PutAnchoring(u.Tx, &now)
	})
}

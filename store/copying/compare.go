package copying

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/moment"
)

// compare reads both stores from beginning to end.
func (c *copier) compare() error {
	if err := settled(c.ctx, c.to); err != nil {
		return err
	}
	if err := c.sameLog(); err != nil {
		return err
	}
	was, err := sums(c.ctx, c.from)
	if err != nil {
		return err
	}
	is, err := sums(c.ctx, c.to)
	if err != nil {
		return err
	}
	for _, what := range slices.Sorted(maps.Keys(was)) {
		if was[what] != is[what] {
			return fmt.Errorf("the copy is not the same: of %s there were %s, and there are %s; empty the store that is copied into and begin anew", what, was[what], is[what])
		}
	}
	if len(was) != len(is) {
		return fmt.Errorf("the copy is not the same: it has %d kinds of things and should have %d", len(is), len(was))
	}
	return nil
}

// sameLog compares all entries and leaves, which say everything of a log.
func (c *copier) sameLog() error {
	for after := uint64(0); ; after += page {
		was, err := logPage(c.ctx, c.from, after)
		if err != nil {
			return err
		}
		is, err := logPage(c.ctx, c.to, after)
		if err != nil {
			return err
		}
		for i, e := range was {
			if i >= len(is) || !sameEntry(e, is[i]) {
				return fmt.Errorf("the copy is not the same: the event at place %d differs or is missing", e.Place)
			}
		}
		if len(is) != len(was) {
			return fmt.Errorf("the copy is not the same: it has more events than there were, from place %d on", after+uint64(len(was))+1)
		}
		if len(was) == 0 {
			return nil
		}
	}
}

func logPage(ctx context.Context, s store.Store, after uint64) (entries []access.Entry, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		if entries, err = tx.Entries(store.Filter{}, after, page); err != nil {
			return err
		}
		leaves, err := tx.Leaves(after, page)
		for i, e := range entries {
			if err == nil && (i >= len(leaves) || leaves[i] != e.Leaf) {
				err = fmt.Errorf("the event at place %d is not the one of its leaf", e.Place)
			}
		}
		return err
	})
	return entries, err
}

// sameEntry tells whether an entry was copied: one that still verifies has the bytes
// that its leaf is of, and what is erased is not in the leaf.
func sameEntry(a, b access.Entry) bool {
	return a.Leaf == b.Leaf && a.Place == b.Place && a.Erased == b.Erased && string(a.Salt) == string(b.Salt) && b.Verify() == nil
}

// sums say how many records of each kind and how many tasks there are, and what of.
func sums(ctx context.Context, s store.Store) (map[string]string, error) {
	out := map[string]string{}
	err := eachKind(ctx, s, func(kind string) error {
		n, sum := 0, sha256.New()
		err := eachPage(ctx, s, kind, func(rows []store.Record) error {
			for _, r := range rows {
				one := sumOf(r)
				sum.Write(one[:])
			}
			n += len(rows)
			return nil
		})
		out["records of the kind "+kind] = fmt.Sprintf("%d with the sum %s", n, hex.EncodeToString(sum.Sum(nil)[:8]))
		return err
	})
	if err != nil {
		return nil, err
	}
	out["tasks"], err = taskSum(ctx, s)
	return out, err
}

// sumOf is the hash of all that a record says.
func sumOf(r store.Record) [sha256.Size]byte {
	var b []byte
	for _, text := range append([]string{r.Kind, r.ID}, r.Keys()...) {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	b = binary.AppendUvarint(append(b, 0), r.Version)
	b = binary.AppendVarint(b, int64(r.Schema))
	return sha256.Sum256(append(moment.Append(b, r.Due), r.Body...))
}

// taskSum is taskHash of all tasks, in their order.
func taskSum(ctx context.Context, s store.Store) (string, error) {
	n, sum := 0, sha256.New()
	for after := uint64(0); ; {
		var some []store.Task
		if err := s.View(ctx, func(tx store.Tx) (err error) { some, err = tx.Tasks("", after, page); return err }); err != nil {
			return "", err
		}
		if len(some) == 0 {
			return fmt.Sprintf("%d with the sum %s", n, hex.EncodeToString(sum.Sum(nil)[:8])), nil
		}
		for _, t := range some {
			after = t.Seq
			if t.State == store.Claimed {
				t = t.Unclaimed()
			}
			t.Seq = 0
			fmt.Fprintf(sum, "%q %s %s %s\n", t.Payload, t.NotBefore.UTC(), t.Created.UTC(), fmt.Sprint(t.ID, t.Queue, t.Kind, t.Subject, t.Priority, t.Lane, t.Lock, t.Schema, t.State, t.Attempts, t.Begun, t.Problem))
			n++
		}
	}
}

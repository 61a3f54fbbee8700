package export

import (
	"errors"

	"latchkey/access"
	"latchkey/evidence/pack"
	"latchkey/store"
	"latchkey/store/snapshot"
)

// count counts rows, and finds who has left.
func (t *telling) count() error {
	for one, err := range t.From.Rows(0) {
		if err != nil {
			return err
		}
		if one.Excluded != "" {
			t.out[one.Group]++
			continue
		}
		t.here[one.Group]++
		if err := t.leaver(one); err != nil {
			return err
		}
	}
	return nil
}

// leaver notes that the person of a row has left.
func (t *telling) leaver(one snapshot.Row) error {
	who, err := t.From.Person(one.Account)
	if err != nil {
		return err
	}
	now, err := t.person(who.ID)
	if err != nil || who.Status != access.Left && now.Standing != access.Left {
		return err
	}
	l := t.gone[who.ID]
	if l == nil {
		person, err := t.personOf(who)
		if err != nil {
			return err
		}
		l = &pack.Leaver{
			Person: person, Left: pack.Lacks[timeOf](pack.Unknown, "Latchkey saw the account deactivated, and no directory says when that was"), Source: "the account's state in the directory " + who.Directory,
			Removed: pack.Lacks[timeOf](pack.Unknown, "see the rows"), SignIns: pack.Lacks[[]timeOf](pack.Unknown, "sign-ins after that are not kept"), Reach: pack.Lacks[timeOf](pack.Unknown, ""),
		}
		if !now.Away.IsZero() {
			l.Left = pack.Is(now.Away)
		}
		t.gone[who.ID], t.order = l, append(t.order, who.ID)
	}
	l.Rows = append(l.Rows, rowName(one.Item))
	item, err := store.ReviewItem(t.Tx, t.Campaign.ID, int(one.Item))
	if err == nil && !item.ReadBack.IsZero() && (!l.Removed.Known() || item.ReadBack.After(l.Removed.Value)) {
		l.Removed = pack.Is(item.ReadBack)
	}
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return err
}
